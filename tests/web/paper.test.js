import assert from "node:assert/strict";
import { test } from "node:test";

import { paperScale } from "../../dashboard/map/web/paper.js";

test("a map fits the sheet whatever the screen, and grows little", () => {
  for (const [x, y] of [
    [1040, 650],
    [390, 628],
    [2400, 1100],
    [200, 200],
  ]) {
    const scale = paperScale({ x, y });
    assert.ok(x * scale <= 490.01 && y * scale <= 600.01 && scale <= 1.25);
  }
  assert.equal(paperScale({ x: 980, y: 300 }), 0.5);
});
