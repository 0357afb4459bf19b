import assert from "node:assert/strict";
import { test } from "node:test";
import {
  around,
  boxDistance,
  candidates,
  overlap,
  Room,
  roadCells,
  stretches,
} from "../../dashboard/map/web/label_layout.js";

/** @typedef {import("../../dashboard/map/web/types").Box} Box */

const none = { x: 0, y: 0 };
const size = { x: 400, y: 300 };

test("boxes that only touch do not overlap", () => {
  assert.equal(overlap([0, 0, 10, 10], [10, 0, 20, 10]), false);
  assert.equal(overlap([0, 0, 10, 10], [9, 9, 20, 20]), true);
});

test("a label stays within the frame and off other labels", () => {
  const room = new Room(size, [[100, 100, 150, 120]], [], new Set());
  assert.equal(room.free([0, 0, 50, 20]), false);
  assert.equal(room.free([10, 10, 50, 20]), true);
  assert.equal(room.free([140, 110, 190, 130]), false);
  room.take([10, 10, 50, 20]);
  assert.equal(room.free([10, 10, 50, 20]), false);
});

test("only a bold label may cover a symbol, and none a label", () => {
  const room = new Room(size, [[200, 200, 250, 220]], [[100, 100, 120, 120]], new Set());
  assert.equal(room.free([90, 90, 130, 130]), false);
  assert.equal(room.free([90, 90, 130, 130], 3, true), true);
  assert.equal(room.free([210, 205, 260, 230], 3, true), false);
});

test("no candidate covers its own symbol, and the right-hand side is preferred", () => {
  const symbol = { x: 200, y: 150, r: 8 };
  const found = candidates(symbol, 60, 12);
  const body = around(symbol.x, symbol.y, 2 * symbol.r, 2 * symbol.r);
  for (const { box } of found)
    assert.ok(!overlap(box, /** @type {Box} */ (body.map((v, i) => v + (i < 2 ? 4 : -4)))));
  const best = found.reduce((a, b) => (b.taste < a.taste ? b : a));
  assert.ok(best.box[0] > symbol.x);
});

test("a road costs the label that lies on it and no other", () => {
  const room = new Room(size, [], [], roadCells([[0, 50, 400, 50]], none));
  assert.ok(room.roadCost([100, 44, 160, 56]) > 5);
  assert.equal(room.roadCost([100, 80, 160, 92]), 0);
});

test("the distance of a box is 0 within it and Euclidean outside", () => {
  assert.equal(boxDistance([0, 0, 10, 10], { x: 5, y: 5 }), 0);
  assert.equal(boxDistance([0, 0, 10, 10], { x: 13, y: 14 }), 5);
});

test("a name follows a straight stretch from left to right and no bend", () => {
  const room = new Room(size, [], [], new Set());
  const east = stretches([390, 150, 10, 150], 120, none, room);
  assert.ok(east.length > 0);
  for (const { points } of east) assert.ok(points[0][0] < points[8][0]);
  const zigzag = [];
  for (let i = 0; i < 40; i++) zigzag.push(10 + i * 4, i % 2 ? 100 : 200);
  assert.equal(stretches(zigzag, 200, none, room).length, 0);
  assert.equal(stretches([10, 10, 60, 10], 120, none, room).length, 0);
});
