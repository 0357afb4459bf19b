// Where labels may stand: free room, places beside a symbol, stretches of a line. Nothing here
// needs a page.

/** @typedef {import("./types").Box} Box */
/** @typedef {import("./types").Point} Point */
/** @typedef {import("./geometry.js").Line} Line */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ side: number, box: Box, cx: number, cy: number, taste: number }} Candidate */
/** @typedef {{ points: Point[], x: number, y: number, score: number }} Stretch */

/** Direction from the symbol and how unwelcome each is; the right-hand side is best. */
const SIDES = [
  [1, 0, 0],
  [1, -0.75, 1.2],
  [1, 0.75, 1.4],
  [-1, 0, 2],
  [-1, -0.75, 2.6],
  [-1, 0.75, 2.8],
  [0, -1, 2.2],
  [0, 1, 2.4],
];
/** Side in pixels of the cells that roads are entered in. */
const CELL = 6;
/** Straightness (chord over length) below which a stretch bears no name. */
const STRAIGHT = 0.86;

/** @type {(a: Box, b: Box) => boolean} */
export const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** The map's frame with what already stands on it. */
export class Room {
  /**
   * @param {Spot} size - of the frame, in pixels
   * @param {Box[]} boxes - panels and labels, which nothing may cover
   * @param {Box[]} symbols - which a bold label may cover
   * @param {Set<number>} busy - cells with roads, from `roadCells`
   */
  constructor(size, boxes, symbols, busy) {
    this.size = size;
    this.boxes = boxes;
    this.symbols = symbols;
    this.busy = busy;
  }

  /**
   * Whether a label may stand in a box.
   *
   * @param {Box} box
   * @param {number} [margin] - to the edges of the frame
   * @param {boolean} [boldly] - over symbols, for a name the map cannot do without
   */
  free(box, margin = 3, boldly = false) {
    const inside =
      box[0] >= margin &&
      box[1] >= margin &&
      box[2] <= this.size.x - margin &&
      box[3] <= this.size.y - margin;
    if (!inside || this.boxes.some((other) => overlap(box, other))) return false;
    return boldly || !this.symbols.some((other) => overlap(box, other));
  }

  /**
   * Count the cells of a box that a road passes.
   *
   * @param {Box} box
   */
  roadCost([x0, y0, x1, y1]) {
    let n = 0;
    for (let x = Math.floor(x0 / CELL); x <= Math.floor(x1 / CELL); x++) {
      for (let y = Math.floor(y0 / CELL); y <= Math.floor(y1 / CELL); y++) {
        if (this.busy.has(cellKey(x, y))) n += 1;
      }
    }
    return n;
  }

  /** @param {Box} box */
  take(box) {
    this.boxes.push(box);
  }
}

/** @type {(x: number, y: number) => number} */
const cellKey = (x, y) => (x << 12) + y;

/**
 * Return the cells that lines of pixels pass.
 *
 * @param {Line[]} lines
 * @param {Spot} shift - subtracted from each point
 */
export function roadCells(lines, shift) {
  /** @type {Set<number>} */
  const cells = new Set();
  for (const p of lines) {
    for (let i = 2; i < p.length; i += 2) {
      const dx = p[i] - p[i - 2];
      const dy = p[i + 1] - p[i - 1];
      const steps = Math.ceil(Math.hypot(dx, dy) / 5);
      if (steps > 400) continue;
      for (let s = 0; s <= steps; s++) {
        const x = p[i - 2] + (dx * s) / steps - shift.x;
        const y = p[i - 1] + (dy * s) / steps - shift.y;
        cells.add(cellKey(Math.floor(x / CELL), Math.floor(y / CELL)));
      }
    }
  }
  return cells;
}

/**
 * Return the boxes that a label of a size may take beside a symbol, the best side first.
 *
 * @param {Spot & { r: number }} symbol - centre and radius
 * @param {number} width
 * @param {number} size - of the letters
 * @returns {Candidate[]}
 */
export function candidates(symbol, width, size) {
  const height = size * 1.12;
  const gap = symbol.r + 3;
  return SIDES.map(([sx, sy, taste], side) => {
    const cx = symbol.x + sx * (gap + width / 2) * (sx && sy ? 0.96 : 1);
    const cy = symbol.y + sy * (gap + height * 0.45);
    return { side, box: around(cx, cy, width, height), cx, cy, taste };
  });
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
export function around(x, y, width, height) {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

/**
 * Return the distance from a box to a point, 0 within it.
 *
 * @param {Box} box
 * @param {Spot} p
 */
export function boxDistance(box, p) {
  return Math.hypot(
    Math.max(box[0] - p.x, 0, p.x - box[2]),
    Math.max(box[1] - p.y, 0, p.y - box[3]),
  );
}

/**
 * Find stretches of a line in view that are long and straight enough for a name.
 *
 * @param {Line} p - pixels of the map's pane
 * @param {number} need - length in pixels
 * @param {Spot} shift - from the pane to the frame
 * @param {Room} room
 * @returns {Stretch[]} points along each from left to right; a higher score is better
 */
export function stretches(p, need, shift, room) {
  const at = lengthsAlong(p);
  const total = at[at.length - 1] ?? 0;
  const step = Math.max(24, need / 5);
  /** @type {Stretch[]} */
  const found = [];
  for (let s = 0; s + need < total && found.length < 400; s += step) {
    const [mx, my] = pointAlong(p, at, s + need / 2);
    const [x, y] = [mx - shift.x, my - shift.y];
    if (x < 0 || y < 0 || x > room.size.x || y > room.size.y) continue;
    const stretch = stretchFrom(p, at, s, need);
    if (!stretch) continue;
    const { points, score } = stretch;
    const cost = points.reduce((sum, [px, py]) => {
      const [cx, cy] = [px - shift.x, py - shift.y];
      return sum + room.roadCost([cx - 6, cy - 16, cx + 6, cy - 4]);
    }, 0);
    found.push({ points, x, y, score: score - cost * 4 });
  }
  return found;
}

/**
 * @param {Line} p
 * @param {number[]} at
 * @param {number} start
 * @param {number} need
 */
function stretchFrom(p, at, start, need) {
  /** @type {Point[]} */
  const points = [];
  for (let q = 0; q <= 8; q++) points.push(pointAlong(p, at, start + (need * q) / 8));
  const [first, last] = [points[0], points[8]];
  const chord = Math.hypot(last[0] - first[0], last[1] - first[1]);
  const straight = chord / need;
  if (straight < STRAIGHT) return null;
  const smooth = points.map((_, q) => mean(points.slice(Math.max(0, q - 2), q + 3)));
  if (smooth[8][0] < smooth[0][0]) smooth.reverse();
  const flat = Math.abs(smooth[8][0] - smooth[0][0]) / (chord || 1);
  return { points: smooth, score: straight * 60 + flat * 25 };
}

/**
 * @param {Point[]} points
 * @returns {Point}
 */
function mean(points) {
  const sum = points.reduce(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** @param {Line} p */
function lengthsAlong(p) {
  const at = [0];
  for (let i = 2; i < p.length; i += 2) {
    at.push(at[at.length - 1] + Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]));
  }
  return at;
}

/**
 * @param {Line} p
 * @param {number[]} at - from `lengthsAlong`
 * @param {number} s - length from the start
 * @returns {Point}
 */
function pointAlong(p, at, s) {
  let i = 0;
  while (i < at.length - 2 && at[i + 1] < s) i++;
  const share = (s - at[i]) / (at[i + 1] - at[i] || 1);
  const k = 2 * i;
  return [p[k] + (p[k + 2] - p[k]) * share, p[k + 1] + (p[k + 3] - p[k + 1]) * share];
}
