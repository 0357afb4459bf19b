import assert from "node:assert/strict";
import { test } from "node:test";
import { besideButtons } from "../../dashboard/map/web/viewport.js";

/** @type {{ paddingTopLeft: [number, number], paddingBottomRight: [number, number] }} */
const ROOM = { paddingTopLeft: [12, 100], paddingBottomRight: [12, 24] };
/** @type {import("../../dashboard/map/web/types").Box[]} */
const BUTTONS = [
  [10, 110, 54, 154],
  [310, 110, 354, 154],
];

test("a place under a button moves beside it, and nothing moves where none lies under one", () => {
  assert.deepEqual(besideButtons(ROOM, [{ x: 200, y: 120 }], BUTTONS, 366), ROOM);
  assert.deepEqual(besideButtons(ROOM, [{ x: 340, y: 200 }], BUTTONS, 366), ROOM);
  assert.deepEqual(besideButtons(ROOM, [{ x: 354, y: 108 }], BUTTONS, 366), {
    paddingTopLeft: [12, 100],
    paddingBottomRight: [64, 24],
  });
  const corners = [
    { x: 12, y: 120 },
    { x: 354, y: 120 },
  ];
  assert.deepEqual(besideButtons(ROOM, corners, BUTTONS, 366), {
    paddingTopLeft: [62, 100],
    paddingBottomRight: [64, 24],
  });
});
