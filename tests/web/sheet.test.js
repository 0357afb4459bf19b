import assert from "node:assert/strict";
import { test } from "node:test";
import { overlap } from "../../dashboard/map/web/sheet.js";

test("a sheet covers the foot of the map, never more than the map, and nothing if it lies below", () => {
  const frame = { top: 100, bottom: 700 };
  assert.equal(overlap(frame, { top: 400 }), 300);
  assert.equal(overlap(frame, { top: 20 }), 600);
  assert.equal(overlap(frame, { top: 732 }), 0);
});
