// Tiles of a large network: what is asked for, what is drawn meanwhile, which line is kept.
import assert from "node:assert/strict";
import test from "node:test";
import { readNetwork } from "../../dashboard/map/web/network.js";

/** World coordinates of the tile's box; all lines lie near longitude 0, latitude 0. */
const HERE = [0.49, 0.49, 0.51, 0.51];
const ELSEWHERE = [0.8, 0.8, 0.81, 0.81];

/** @type {Record<string, unknown[][]>} */
const FILES = {
  coarse: [[1, "b", 0, -1, 5, "RN1", 0, 0, 0, [0, 0, 10, 10]]],
  fine: [
    [0, "a", 0, -1, 4, "", 0, 0, 0, [0, 0, 5, 5]],
    [1, "b", 0, -1, 5, "RN1", 0, 0, 0, [0, 0, 4, 4, 6, 6]],
  ],
};

/** @param {{ failing?: Set<string> }} [options] */
function network({ failing = new Set() } = {}) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ url) => {
      const name = url.replace("../../tiles/", "").replace(/-\d+\.json$/, "");
      asked.push(name);
      if (failing.has(name)) return { ok: false, status: 503 };
      return { ok: true, json: async () => FILES[name] };
    }
  );
  turn += 1; // files are kept by address, so each network has its own
  const made = readNetwork(
    /** @type {any} */ ({
      scale: 10000,
      classes: ["primary"],
      bases: [""],
      tankers: ["yes"],
      segments: [],
      nodes: [["t", "T", "town", "", "", null, 0, 1, 0, 0]],
      count: 3,
      levels: [
        { zoom: 0, tiles: [[...HERE, `coarse-${turn}`]] },
        {
          zoom: 8,
          tiles: [
            [...HERE, `fine-${turn}`],
            [...ELSEWHERE, `far-${turn}`],
          ],
        },
      ],
    }),
  );
  const tiles = /** @type {import("../../dashboard/map/web/road_tiles.js").RoadTiles} */ (
    made.tiles
  );
  return { made, tiles, asked };
}
let turn = 0;
const settled = () => new Promise((done) => setTimeout(done, 20));
const VIEW = /** @type {[number, number, number, number]} */ ([0.4, 0.4, 0.6, 0.6]);

test("only tiles in view are asked for, each once", async () => {
  const { tiles, asked } = network();
  assert.deepEqual(tiles.inView(9, VIEW), []);
  tiles.inView(9, VIEW);
  await settled();
  assert.deepEqual(asked, ["fine"]);
  assert.deepEqual(tiles.inView(9, VIEW), [0, 1]);
});

test("coarser segments stay until the finer have come, then the finer line counts", async () => {
  const { made, tiles } = network();
  tiles.inView(4, VIEW);
  await settled();
  assert.equal(made.lines[1].length, 4);
  assert.deepEqual(tiles.inView(9, VIEW), [1]);
  await settled();
  assert.deepEqual(tiles.inView(9, VIEW), [0, 1]);
  assert.equal(made.lines[1].length, 6);
  tiles.inView(4, VIEW);
  await settled();
  assert.equal(made.lines[1].length, 6);
});

test("segments that the state names are drawn at any zoom, and no longer once it does not", () => {
  const { made, tiles } = network();
  /** @type {number[][]} */
  const come = [];
  tiles.arrived = (rows) => come.push(rows);
  const row = /** @type {any} */ ([2, "c", 0, -1, 7, "", 0, 0, 0, [0, 0, 9, 9]]);
  tiles.name([row]);
  assert.deepEqual(tiles.inView(4, VIEW), [2]);
  assert.equal(made.ids[2], "c");
  assert.equal(made.index.get("c"), 2);
  tiles.name([]);
  assert.deepEqual(tiles.inView(4, VIEW), []);
  assert.deepEqual(come, [[2], []]);
});

test("a tile that could not be had is asked for again", async () => {
  const failing = new Set(["fine"]);
  const { tiles, asked } = network({ failing });
  const warn = console.warn;
  console.warn = () => {};
  tiles.inView(9, VIEW);
  await new Promise((done) => setTimeout(done, 600)); // `fetchJson` tries twice itself
  console.warn = warn;
  failing.clear();
  tiles.inView(9, VIEW);
  await settled();
  assert.ok(asked.length >= 3);
  assert.deepEqual(tiles.inView(9, VIEW), [0, 1]);
});
