// The road network on a canvas, for networks too large for a page of SVG. The same face as
// SvgRoads; hits are found by a grid, and lines are thinned by zoom.
import { el } from "../../../geodata/export/web/dom.js";
import { distanceTo, frameOf, midpoint, zoomFactor } from "./geometry.js";
import { STATES } from "./network.js";

/**
 * @import { Actions, Box, Change, Frame, Network, Point, SegmentState } from "./types"
 * @import { Line } from "./geometry.js"
 */

const CELL = 64;
/** @type {Record<string, number[]>} */
const DASH = {
  closed: [9, 5],
  cut: [1.5, 5],
  impassable: [1.5, 4],
  contested: [7, 3],
  escort_only: [],
};
const ORDER = ["impassable", "open", "contested", "escort_only", "closed", "cut"];

export class CanvasRoads {
  /** @type {SegmentState[]} */
  state = [];
  /** @type {Record<number, Change | undefined>} */
  difference = {};
  /** @type {number[]} */
  way = [];
  /** @type {number[]} */
  former = [];
  /** @type {Set<number> | null} */
  kept = null;
  /** @type {number[]} */
  stale = [];
  /** @type {number[]} */
  seen = [];
  /** @type {Map<number, number[]>} */
  pixels = new Map();
  /** @type {Map<number, number[]>} */
  grid = new Map();
  /** @type {Frame} */
  frame = { k: 0, x: 0, y: 0 };
  labelled = false;
  lit = -1;
  look = "";
  zoom = 0;
  /** The frame in which what has come is drawn; 0 if none is awaited. */
  drawing = 0;
  corner = L.point(0, 0);

  /**
   * @param {L.Map} map
   * @param {Network} network
   * @param {Actions} actions
   */
  constructor(map, network, actions) {
    this.map = map;
    this.network = network;
    this.actions = actions;
    this.state = new Array(network.ids.length).fill("open");
    this.reach = matchMedia("(pointer: coarse)").matches ? 14 : 9;
    this.boxes = new Float64Array(network.ids.length * 4);
    this.all = Object.keys(network.lines).map(Number);
    this.measure(this.all);
    if (network.tiles) network.tiles.arrived = (rows) => this.take(rows);
    this.canvas = el("canvas", { class: "leaflet-zoom-animated sr-canvas" });
    map.getPane("roads")?.appendChild(this.canvas);
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.listeners = {
      moveend: () => this.draw(),
      zoomanim: (/** @type {any} */ event) => this.animate(event),
      resize: () => this.draw(),
      mousemove: (/** @type {L.LeafletMouseEvent} */ event) => this.move(event),
      mouseout: () => this.light(-1),
      click: (/** @type {L.LeafletMouseEvent} */ event) => this.click(event),
    };
    map.on(this.listeners);
    if (map._loaded) this.draw();
  }

  /**
   * Measure the world box of segments, four numbers a row.
   *
   * @param {number[]} rows
   */
  measure(rows) {
    for (const i of rows) {
      const line = this.network.lines[i];
      let x0 = Infinity,
        y0 = Infinity,
        x1 = -Infinity,
        y1 = -Infinity;
      for (let q = 0; q < line.length; q += 2) {
        x0 = Math.min(x0, line[q]);
        x1 = Math.max(x1, line[q]);
        y0 = Math.min(y0, line[q + 1]);
        y1 = Math.max(y1, line[q + 1]);
      }
      this.boxes.set([x0, y0, x1, y1], i * 4);
    }
  }

  /**
   * Take segments that have come with a tile; tiles that come together are drawn together.
   *
   * @param {number[]} rows
   */
  take(rows) {
    this.measure(rows);
    if (this.drawing || !rows.length) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      if (this.map._loaded) this.draw();
    });
  }

  /**
   * Segments that may lie in view.
   *
   * @param {L.Point} size
   */
  candidates(size) {
    const { k, x, y } = this.frame;
    const view = /** @type {Box} */ ([x / k, y / k, (x + size.x) / k, (y + size.y) / k]);
    return this.network.tiles?.inView(this.zoom, view) ?? this.all;
  }

  colours() {
    const style = getComputedStyle(this.map.getContainer());
    /** @type {Record<string, string>} */
    const found = {};
    for (const name of ["casing", "way", "former", "ink", "lost", "gained"]) {
      found[name] = style.getPropertyValue(`--${name}`).trim();
    }
    for (const name of STATES)
      found[name] = style.getPropertyValue(`--${name.replace("_only", "")}`).trim();
    return found;
  }

  draw() {
    const size = this.map.getSize(),
      ratio = window.devicePixelRatio || 1;
    this.canvas.width = size.x * ratio;
    this.canvas.height = size.y * ratio;
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
    this.corner = this.map.containerPointToLayerPoint([0, 0]);
    this.zoom = this.map.getZoom();
    this.centre = this.map.getCenter();
    L.DomUtil.setTransform(this.canvas, this.corner, 1);
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = frameOf(this.map);
    this.frame = { k: frame.k, x: frame.x + this.corner.x, y: frame.y + this.corner.y };
    this.collect(size);
    this.paintAll();
  }

  /**
   * Segments in view, their thinned pixels and the grid that finds them again.
   *
   * @param {L.Point} size
   */
  collect(size) {
    const { k, x, y } = this.frame,
      b = this.boxes,
      margin = 20;
    this.seen = [];
    this.pixels = new Map();
    this.grid = new Map();
    for (const i of this.candidates(size)) {
      if (
        b[4 * i + 2] * k - x < -margin ||
        b[4 * i] * k - x > size.x + margin ||
        b[4 * i + 3] * k - y < -margin ||
        b[4 * i + 1] * k - y > size.y + margin
      )
        continue;
      this.seen.push(i);
      const line = this.thin(this.network.lines[i]);
      this.pixels.set(i, line);
      for (let q = 2; q < line.length; q += 2) this.enter(i, line, q);
    }
  }

  /** @param {Line} line */
  thin(line) {
    const { k, x, y } = this.frame,
      out = [];
    let px = NaN,
      py = NaN;
    for (let q = 0; q < line.length; q += 2) {
      const nx = line[q] * k - x,
        ny = line[q + 1] * k - y;
      if (q > 0 && q < line.length - 2 && Math.abs(nx - px) + Math.abs(ny - py) < 1.5) continue;
      out.push(nx, ny);
      px = nx;
      py = ny;
    }
    return out;
  }

  /**
   * @param {number} i
   * @param {number[]} p
   * @param {number} q
   */
  enter(i, p, q) {
    const x0 = Math.floor(Math.min(p[q - 2], p[q]) / CELL),
      x1 = Math.floor(Math.max(p[q - 2], p[q]) / CELL);
    const y0 = Math.floor(Math.min(p[q - 1], p[q + 1]) / CELL),
      y1 = Math.floor(Math.max(p[q - 1], p[q + 1]) / CELL);
    if ((x1 - x0) * (y1 - y0) > 4000) return;
    for (let cx = x0; cx <= x1; cx++) {
      for (let cy = y0; cy <= y1; cy++) {
        const key = cx * 65536 + cy,
          cell = this.grid.get(key);
        if (!cell) this.grid.set(key, [i]);
        else if (cell[cell.length - 1] !== i) cell.push(i);
      }
    }
  }

  /**
   * All lines of one look in one stroke: twenty thousand segments take a few dozen strokes.
   * With a region, a box of pixels, only what lies in it is drawn anew.
   *
   * @param {Box} [region]
   */
  paintAll(region) {
    if (!this.frame) return;
    const pen = this.pen,
      size = this.map.getSize(),
      colour = this.colours();
    const box = region || [0, 0, size.x, size.y],
      seen = region ? this.within(region) : this.seen;
    pen.save();
    pen.beginPath();
    pen.rect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
    pen.clip();
    pen.clearRect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
    pen.lineJoin = "round";
    this.paintLines(seen, colour, zoomFactor(this.zoom) * (this.seen.length > 4000 ? 0.55 : 0.85));
    this.crosses(seen, colour);
    pen.restore();
  }

  /** @param {any} box */
  within([x0, y0, x1, y1]) {
    const found = new Set();
    for (let cx = Math.floor(x0 / CELL); cx <= Math.floor(x1 / CELL); cx++) {
      for (let cy = Math.floor(y0 / CELL); cy <= Math.floor(y1 / CELL); cy++) {
        for (const i of this.grid.get(cx * 65536 + cy) || []) found.add(i);
      }
    }
    return [...found];
  }

  /**
   * @param {number[]} seen
   * @param {Record<string, string>} colour
   * @param {number} factor
   */
  paintLines(seen, colour, factor) {
    const looks = new Map();
    for (const i of seen) {
      const dim = (this.kept && !this.kept.has(i)) || this.difference[i] === "same";
      const key = `${this.state[i]}|${this.network.width[i]}|${dim ? 1 : 0}`;
      if (!looks.has(key)) looks.set(key, new Path2D());
      this.trace(looks.get(key), this.line(i));
    }
    this.highlight(this.way, colour.way, 9 * factor, 0.4);
    const sorted = [...looks]
      .map(([key, path]) => [...key.split("|"), path])
      .sort((a, b) => ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]));
    for (const [state, width, dim, path] of this.seen.length < 4000 ? sorted : []) {
      if (state === "impassable") continue;
      this.stroke(path, colour.casing, (Number(width) + 2.4) * factor, [], dim === "1" ? 0.2 : 1);
    }
    for (const [state, width, dim, path] of sorted) {
      const more = state === "open" ? 0 : 1.4,
        alpha = dim === "1" ? 0.2 : 1;
      this.stroke(path, colour[state], (Number(width) + more) * factor, DASH[state] || [], alpha);
      if (state === "escort_only")
        this.stroke(path, colour.casing, Number(width) * factor * 0.5, [], alpha);
    }
    for (const kind of ["lost", "gained"]) {
      this.highlight(
        seen.filter((i) => this.difference[i] === kind),
        colour[kind],
        8 * factor,
        0.45,
      );
    }
    this.highlight(this.former, colour.former, 1.6, 1, [6, 4]);
    if (this.lit >= 0) this.highlight([this.lit], colour.ink, 9 * factor, 0.3);
  }

  /** @param {number} i */
  line(i) {
    return this.pixels.get(i) ?? [];
  }

  /**
   * @param {Path2D} path
   * @param {number[]} p
   */
  trace(path, p) {
    path.moveTo(p[0], p[1]);
    for (let q = 2; q < p.length; q += 2) path.lineTo(p[q], p[q + 1]);
  }

  /**
   * @param {Path2D} path
   * @param {string} colour
   * @param {number} width
   * @param {number[]} dash
   * @param {number} alpha
   */
  stroke(path, colour, width, dash, alpha) {
    const pen = this.pen;
    pen.globalAlpha = alpha;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.lineCap = dash.length ? "butt" : "round";
    pen.setLineDash(dash);
    pen.stroke(path);
    pen.globalAlpha = 1;
  }

  /**
   * @param {number[]} indices
   * @param {string} colour
   * @param {number} width
   * @param {number} alpha
   * @param {number[]} [dash]
   */
  highlight(indices, colour, width, alpha, dash) {
    const path = new Path2D();
    let any = false;
    for (const i of indices)
      if (this.pixels.has(i)) {
        this.trace(path, this.line(i));
        any = true;
      }
    if (any) this.stroke(path, colour, width, dash || [], alpha);
  }

  /**
   * @param {number[]} seen
   * @param {Record<string, string>} colour
   */
  crosses(seen, colour) {
    const pen = this.pen;
    for (const i of seen) {
      if (this.state[i] !== "cut") continue;
      const [x, y] = midpoint(this.line(i));
      const disc = new Path2D(),
        cross = new Path2D();
      disc.arc(x, y, 6.2, 0, 7);
      pen.fillStyle = colour.casing;
      pen.fill(disc);
      this.stroke(disc, colour.cut, 1.6, [], 1);
      for (const s of [1, -1]) {
        cross.moveTo(x - 3.2, y - 3.2 * s);
        cross.lineTo(x + 3.2, y + 3.2 * s);
      }
      this.stroke(cross, colour.cut, 2, [], 1);
    }
  }

  /** @param {any} event */
  animate(event) {
    const scale = this.map.getZoomScale(event.zoom, this.zoom);
    const corner = this.map
      .project(
        this.map.unproject(this.corner.add(this.map.getPixelOrigin()), this.zoom),
        event.zoom,
      )
      .subtract(this.map._getNewPixelOrigin(event.center, event.zoom));
    L.DomUtil.setTransform(this.canvas, corner, scale);
  }

  /** @param {{ x: number, y: number }} point */
  at(point) {
    /** @type {(x: number, y: number) => number[]} */
    const cell = (x, y) => this.grid.get(Math.floor(x / CELL) * 65536 + Math.floor(y / CELL)) || [];
    const near = new Set(),
      r = this.reach;
    for (const [dx, dy] of [
      [0, 0],
      [r, r],
      [r, -r],
      [-r, r],
      [-r, -r],
    ]) {
      for (const i of cell(point.x + dx, point.y + dy)) near.add(i);
    }
    let best = -1,
      least = r;
    for (const i of near) {
      const found = distanceTo(this.line(i), point.x, point.y, least);
      if (found < least) {
        least = found;
        best = i;
      }
    }
    return best;
  }

  /** @param {L.LeafletMouseEvent} event */
  move(event) {
    const i = this.at(event.containerPoint);
    this.map.getContainer().style.cursor = i < 0 ? "" : "pointer";
    this.light(i);
    if (i < 0) this.actions.leave();
    else this.actions.hover(i, event.originalEvent);
  }

  /** @param {number} i */
  light(i) {
    if (i === this.lit) return;
    const last = this.lit;
    this.lit = i;
    for (const one of [last, i])
      if (one >= 0 && this.pixels.has(one)) this.paintAll(this.room(one));
    if (i < 0) this.actions.leave();
  }

  /** @param {L.LeafletMouseEvent} event */
  click(event) {
    const i = this.at(event.containerPoint);
    if (i >= 0) this.actions.toggle(i, event.originalEvent);
  }

  /**
   * @param {number} i
   * @param {SegmentState} state
   * @param {Change} [difference]
   */
  paint(i, state, difference) {
    if (this.state[i] === state && this.difference[i] === difference) return;
    this.state[i] = state;
    this.difference[i] = difference;
    this.stale.push(i);
  }

  /** Draw what changed: a few segments one by one, many or a change of look all at once. */
  flush() {
    const theme = this.map.getContainer().dataset.theme;
    const look = JSON.stringify([this.way, this.former, this.kept && [...this.kept], theme]);
    if (look !== this.look || this.stale.length > 60) this.paintAll();
    else for (const i of this.stale) if (this.pixels.has(i)) this.paintAll(this.room(i));
    this.look = look;
    this.stale = [];
  }

  /**
   * @param {number} i
   * @returns {Box}
   */
  room(i) {
    const p = this.line(i),
      box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let q = 0; q < p.length; q += 2) {
      box[0] = Math.min(box[0], p[q]);
      box[2] = Math.max(box[2], p[q]);
      box[1] = Math.min(box[1], p[q + 1]);
      box[3] = Math.max(box[3], p[q + 1]);
    }
    return [box[0] - 12, box[1] - 12, box[2] + 12, box[3] + 12];
  }

  /**
   * @param {number[]} way
   * @param {number[]} former
   */
  setWays(way, former) {
    this.way = way;
    this.former = former;
  }
  /** @param {number[] | undefined} indices */
  emphasise(indices) {
    this.kept = indices ? new Set(indices) : null;
  }
  // Nothing here is an element of the page.
  label() {}
  name() {}
  soon() {}

  /**
   * @param {number} i
   * @returns {Point}
   */
  middle(i) {
    const line = this.network.lines[i],
      q = 2 * Math.floor(line.length / 4),
      frame = frameOf(this.map);
    return [line[q] * frame.k - frame.x, line[q + 1] * frame.k - frame.y];
  }

  /** @param {number} i */
  pixelOf(i) {
    const p = this.line(i),
      size = this.map.getSize();
    if (!p) return null;
    for (let q = 2; q < p.length; q += 2) {
      for (const share of [0.5, 0.25, 0.75, 0.1, 0.9]) {
        const x = Math.round(p[q - 2] + (p[q] - p[q - 2]) * share);
        const y = Math.round(p[q - 1] + (p[q + 1] - p[q - 1]) * share);
        if (x < 0 || y < 0 || x > size.x || y > size.y || this.at({ x, y }) !== i) continue;
        const box = this.map.getContainer().getBoundingClientRect();
        const under = document.elementFromPoint(x + box.left, y + box.top);
        if (under === this.map.getContainer() || under === this.canvas) return { x, y };
      }
    }
    return null;
  }

  remove() {
    this.map.off(this.listeners);
    cancelAnimationFrame(this.drawing);
    if (this.network.tiles) this.network.tiles.arrived = () => {};
    this.canvas.remove();
  }
}
