import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrowNeighbour,
  circleRing,
  decodeLine,
  distanceTo,
  joinLines,
  midpoint,
  offsetPath,
  pathData,
  pixelsOf,
  project,
  ring,
  roomAround,
} from "../../dashboard/map/web/geometry.js";

const frame = { k: 100, x: 10, y: 20 };

/** @type {(a: ArrayLike<number>, b: ArrayLike<number>, within?: number) => void} */
function near(a, b, within = 1e-9) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) <= within, `${a[i]} ${b[i]}`);
}

test("the equator at Greenwich is the middle of the world", () => {
  near(project(0, 0), [0.5, 0.5]);
  near(project(0, 180), [1, 0.5]);
});

test("the projection agrees with the formula of Web Mercator by tangent", () => {
  for (const lat of [-60, -14.5, 12.65, 24.9]) {
    const angle = Math.PI / 4 + (lat * Math.PI) / 360;
    near(
      project(lat, -8),
      [-8 / 360 + 0.5, 0.5 - Math.log(Math.tan(angle)) / (2 * Math.PI)],
      1e-12,
    );
  }
});

test("a coded line is the sum of its differences", () => {
  const line = decodeLine([-80000, 126500, 500, -500, 0, 1000], 10000);
  near(line.subarray(0, 2), project(12.65, -8));
  near(line.subarray(2, 4), project(12.6, -7.95));
  near(line.subarray(4, 6), project(12.7, -7.95));
});

test("pixels follow the frame and path data is written from them", () => {
  near(pixelsOf([0.5, 0.5, 1, 1], frame), [40, 30, 90, 80]);
  assert.equal(pathData([0.5, 0.5, 1, 1], frame), "M40.0 30.0L90.0 80.0");
  assert.equal(pathData([0.5, 0.5, 1, 1], frame, 1, true), "M40.0 30.0L90.0 80.0Z");
});

test("path data leaves out near points but never the ends", () => {
  const line = [0, 0, 0.001, 0, 0.002, 0, 1, 0, 1.001, 0];
  assert.equal(pathData(line, { k: 100, x: 0, y: 0 }, 1), "M0.0 0.0L100.0 0.0L100.1 0.0");
});

test("the distance to a line is to its nearest stretch, not to its straight extension", () => {
  const line = [0, 0, 10, 0, 10, 10];
  assert.equal(distanceTo(line, 5, 3), 3);
  assert.equal(distanceTo(line, 13, 14), 5);
  assert.equal(distanceTo(line, -3, -4), 5);
  assert.equal(distanceTo([2, 2, 2, 2], 5, 6), 5);
});

test("a limit changes no distance below it", () => {
  const line = [0, 0, 7, 3, 12, -5, 20, 1];
  for (let x = -5; x < 25; x += 3) {
    for (let y = -10; y < 10; y += 3) {
      const true_ = distanceTo(line, x, y);
      assert.equal(distanceTo(line, x, y, true_ + 0.001), true_);
    }
  }
});

test("the middle of a line is half-way along it", () => {
  near(midpoint([0, 0, 10, 0, 10, 30]), [10, 10, 40]);
  near(midpoint([0, 0, 4, 0]), [2, 0, 4]);
  near(midpoint([3, 3, 3, 3]), [3, 3, 0]);
});

test("segments are joined head to tail whichever way each was drawn", () => {
  // a -0- b -1- c -2- d, the second drawn from c to b
  const network = {
    from: [0, 2, 2],
    to: [1, 1, 3],
    lines: [
      [0, 0, 1, 0],
      [2, 0, 1, 0],
      [2, 0, 3, 0],
    ],
  };
  assert.deepEqual(joinLines(network, [0, 1, 2]), [0, 0, 1, 0, 1, 0, 2, 0, 2, 0, 3, 0]);
  assert.deepEqual(joinLines(network, [2, 1, 0]), [3, 0, 2, 0, 2, 0, 1, 0, 1, 0, 0, 0]);
  assert.deepEqual(joinLines(network, []), []);
});

test("a shifted line runs beside the first at the same distance", () => {
  assert.equal(offsetPath([0, 0, 100, 0], 6), "M0.0 -6.0L100.0 -6.0");
});

test("an arrow key leads to the nearest point that way, straight ahead first", () => {
  /** @type {([number, number] | undefined)[]} */
  const points = [[0, 0], [5, 0], [2, 4], undefined, [-3, 0]];
  assert.equal(arrowNeighbour(points, 0, "ArrowRight"), 1);
  assert.equal(arrowNeighbour(points, 0, "ArrowLeft"), 4);
  assert.equal(arrowNeighbour(points, 0, "ArrowUp"), -1);
  assert.equal(arrowNeighbour(points, 0, "ArrowDown"), 2);
  assert.equal(arrowNeighbour(points, 0, "Tab"), null);
});

test("every corner of a circle lies as far from its centre as the radius says", () => {
  const turn = Math.PI / 180;
  for (const [lat, lon, km] of [
    [14.5, -4.2, 30],
    [0, 0, 500],
    [-60, 170, 1200],
  ]) {
    for (const [x, y] of circleRing(lat, lon, km)) {
      const chord =
        Math.sin(((y - lat) * turn) / 2) ** 2 +
        Math.cos(lat * turn) * Math.cos(y * turn) * Math.sin(((x - lon) * turn) / 2) ** 2;
      near([2 * 6371.0088 * Math.asin(Math.sqrt(chord))], [km], 1e-6);
    }
  }
});

test("symbols spread around a point do not touch one another or the point", () => {
  for (const count of [1, 2, 9, 10, 11, 31, 75]) {
    const places = ring(count);
    assert.equal(places.length, count);
    for (const [n, [x, y]] of places.entries()) {
      assert.ok(Math.hypot(x, y) >= 29.9);
      for (const [ox, oy] of places.slice(n + 1)) assert.ok(Math.hypot(x - ox, y - oy) >= 17);
    }
  }
});

test("the room around a point reaches to its nearest neighbour, or as far as it is looked for", () => {
  /** @type {[number, number][]} */
  const points = [
    [0, 0],
    [30, 40],
    [33, 44],
    [33, 44],
    [500, 0],
  ];
  assert.deepEqual(roomAround(points, 70), [50, 5, 5, 5, 70]);
  assert.deepEqual(roomAround([], 70), []);
});
