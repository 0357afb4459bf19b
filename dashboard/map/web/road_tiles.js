// Segments of a large network, fetched tile by tile for what is in view.
import { fetchJson, tell } from "./files.js";
import { addSegment } from "./network.js";

/** @import { Box, Network, NetworkFile, NumberedRow, Tile } from "./types" */

/** Where the server keeps tiles, from the map's frame. */
const FOLDER = "../../tiles/";

export class RoadTiles {
  /** Segments of each tile that has come, by its address. */
  /** @type {Map<string, number[]>} */
  rows = new Map();
  /** @type {Set<string>} */
  asked = new Set();
  /** Level from which each segment's line is; the finer replaces the coarser. */
  /** @type {Map<number, number>} */
  levelOf = new Map();
  /** Segments that the state names: drawn at any zoom. */
  /** @type {number[]} */
  named = [];
  /** Called with segments whose lines have come. */
  /** @type {(rows: number[]) => void} */
  arrived = () => {};

  /**
   * @param {Network} network
   * @param {NetworkFile} data
   */
  constructor(network, data) {
    this.network = network;
    this.data = data;
    this.levels = data.levels ?? [];
  }

  /**
   * Return the segments to draw, as far as they have come, and ask for the others.
   *
   * @param {number} zoom
   * @param {Box} view - in world coordinates
   */
  inView(zoom, view) {
    const level = this.levels.findLastIndex((one) => one.zoom <= zoom);
    const found = new Set(this.named);
    let waiting = false;
    for (const tile of this.levels[level]?.tiles ?? []) {
      if (!meet(tile, view)) continue;
      const rows = this.rows.get(tile[4]);
      if (rows) for (const i of rows) found.add(i);
      else {
        this.ask(tile, level);
        waiting = true;
      }
    }
    // Until the finer tiles have come, what is there of the coarser stays in sight.
    for (let coarser = level - 1; waiting && coarser >= 0; coarser--) {
      for (const tile of this.levels[coarser].tiles) {
        if (meet(tile, view)) for (const i of this.rows.get(tile[4]) ?? []) found.add(i);
      }
    }
    return [...found];
  }

  /**
   * @param {Tile} tile
   * @param {number} level
   */
  ask(tile, level) {
    const name = tile[4];
    if (this.asked.has(name)) return;
    this.asked.add(name);
    fetchJson(`${FOLDER}${name}.json`)
      .then((rows) => {
        this.rows.set(name, this.add(rows, level));
        this.arrived(this.rows.get(name) ?? []);
      })
      .catch((fault) => {
        this.asked.delete(name); // asked for again when the map moves
        tell(fault);
      });
  }

  /**
   * Enter segments; return their numbers.
   *
   * @param {NumberedRow[]} rows
   * @param {number} level
   */
  add(rows, level) {
    for (const row of rows) {
      const known = this.levelOf.get(row[0]);
      if (known !== undefined && known >= level) continue;
      addSegment(this.network, this.data, row);
      this.levelOf.set(row[0], level);
    }
    return rows.map((row) => row[0]);
  }

  /**
   * Take the segments that a state names, with their whole lines.
   *
   * @param {NumberedRow[]} rows
   */
  name(rows) {
    this.named = this.add(rows, this.levels.length);
    this.arrived(this.named);
  }
}

/**
 * @param {Tile} tile
 * @param {Box} view
 */
const meet = ([west, north, east, south], [left, top, right, bottom]) =>
  west <= right && east >= left && north <= bottom && south >= top;
