// Labels that never overlap: placed one after the other by rank, again after each move.
import { setAttribute, svgEl } from "../../../geodata/export/web/dom.js";
import { boxesIn } from "./boxes.js";
import { frameOf, pixelsOf, project } from "./geometry.js";
import { around, boxDistance, candidates, Room, roadCells, stretches } from "./label_layout.js";
import { Overlay } from "./overlay.js";
import { controlBoxes } from "./sheet.js";
import { lang, t } from "./texts.js";

/**
 * @import { Anchor, Box, Frame, Network, NetworkNode } from "./types"
 * @import { Places } from "./places.js"
 * @import { Events } from "./events.js"
 * @import { BaseMap } from "./basemap.js"
 * @import { Stretch } from "./label_layout.js"
 */

/** @typedef {{ size: number, weight: number, spacing?: number }} Letters */
/** @typedef {{ rank: number, people: number, kind: string, size: number, weight: number }} Rank */
/**
 * @typedef {Letters & { key: number | string, text: string, x: number, y: number, r: number,
 *   rank: number, people: number, kind: string, state: string }} Label
 */

const FONT = '"Segoe UI", "Noto Sans", "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
/** Labels of this rank come before all others, over symbols if need be. */
const GREAT = 2.5;

export class Labels {
  /** @type {Map<number | string, number>} */
  chosen = new Map();
  /** @type {Map<string, number>} */
  widths = new Map();
  /** @type {Map<string, Element>} */
  written = new Map();
  /** @type {Element[]} */
  out = [];
  /** @type {{ i: number, x: number, y: number }[]} */
  supply = [];
  /** @type {Set<number>} */
  busy = new Set();
  /** @type {Network | null} */
  busyOf = null;
  busyAt = "";
  /** @type {BaseMap | null} */
  base = null;
  /** @type {{ network: Network, places: Places, events: Events } | null} */
  scene = null;
  room = new Room(L.point(0, 0), [], [], new Set());
  waiting = 0;
  zoom = 0;
  shift = L.point(0, 0);
  /** @type {Frame} */
  frame = { k: 0, x: 0, y: 0 };

  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    this.serial = new XMLSerializer();
    this.pen = document.createElement("canvas").getContext("2d");
    this.layer = new Overlay("labels", () => {});
    this.layer.addTo(map);
    this.layer.svg.setAttribute("aria-hidden", "true");
    this.group = this.layer.svg.appendChild(svgEl("g"));
    map.on("zoomstart", () => this.group.classList.add("gone"));
    map.on("moveend zoomend resize", () => this.soon());
  }

  // Several reasons to place labels in one frame cost one placing.
  soon() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.place();
    });
  }

  /** @param {{ network: Network, places: Places, events: Events }} scene */
  use(scene) {
    this.scene = scene;
    this.soon();
  }

  /**
   * @param {string} text
   * @param {Letters} letters
   */
  width(text, { size, weight, spacing = 0 }) {
    const font = `${weight} ${size}px ${FONT}`;
    const key = font + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.pen) this.pen.font = font;
      width = this.pen?.measureText(text).width ?? text.length * size * 0.55;
      this.widths.set(key, width);
    }
    return width + spacing * text.length;
  }

  place() {
    if (!this.map._loaded) return;
    const size = this.map.getSize();
    if (!size.x || !size.y) return;
    this.zoom = this.map.getZoom();
    this.frame = frameOf(this.map);
    this.shift = this.map.containerPointToLayerPoint([0, 0]);
    this.room = new Room(size, this.panels(), this.eventBoxes(), this.roads());
    this.out = [];
    const towns = this.townLabels();
    for (const label of towns) if (label.rank >= GREAT) this.beside(label);
    this.countries();
    for (const label of towns) if (label.rank < GREAT) this.beside(label);
    this.regions();
    this.rivers();
    this.lakes();
    this.degrees();
    this.exchange();
    this.group.classList.remove("gone");
  }

  // A label that stays where it was stays in the page: drawing text is slow.
  exchange() {
    /** @type {Map<string, Element>} */
    const kept = new Map();
    for (const node of this.out) {
      const key = this.serial.serializeToString(node);
      kept.set(key, this.written.get(key) || this.group.appendChild(node));
      this.written.delete(key);
    }
    for (const node of this.written.values()) node.remove();
    this.written = kept;
  }

  /** @returns {Box[]} */
  panels() {
    const frame = this.map.getContainer();
    const own = boxesIn(
      frame,
      frame.querySelectorAll(
        ".sr-panel, .leaflet-control, .sr-credit, .sr-schematic, .sr-edge-arrow",
      ),
    );
    return [...own, ...controlBoxes()].map(([left, top, right, bottom]) => [
      left - 4,
      top - 4,
      right + 4,
      bottom + 4,
    ]);
  }

  /** @returns {Box[]} */
  eventBoxes() {
    const events = this.scene?.events;
    if (!events?.visible) return [];
    return events.spots.map(([x, y, r]) =>
      around(x - this.shift.x, y - this.shift.y, 2 * r, 2 * r),
    );
  }

  // Labels avoid roads where they can.
  roads() {
    const network = this.scene?.network ?? null;
    if (!network || network.ids.length > 3000) return new Set();
    const key = [this.shift.x, this.shift.y, ...Object.values(this.frame)].join();
    if (network !== this.busyOf || key !== this.busyAt) {
      this.busyOf = network;
      this.busyAt = key;
      const lines = network.lines.map((line) => pixelsOf(line, this.frame));
      this.busy = roadCells(lines, this.shift);
    }
    return this.busy;
  }

  /** @param {[number, number]} world */
  inFrame([x, y]) {
    const { k, x: left, y: top } = this.frame;
    return { x: x * k - left - this.shift.x, y: y * k - top - this.shift.y };
  }

  townLabels() {
    if (!this.scene) return [];
    const { network, places } = this.scene;
    /** @type {Label[]} */
    const labels = [];
    const size = this.room.size;
    this.supply = [];
    network.nodes.forEach((node, i) => {
      const { x, y } = this.inFrame(node.at);
      if (x < -5 || y < -5 || x > size.x + 5 || y > size.y + 5 || !places.nodes[i]) return;
      const r = node.town ? places.radius(node) : node.supply ? 8 : 3;
      if (node.supply && places.shown.supply) this.supply.push({ i, x, y });
      if (!node.supply || places.shown.supply) {
        this.room.symbols.push(around(x, y, r * 1.6, r * 1.6));
      }
      const rank = this.rank(node, places.nodes[i].getAttribute("class") ?? "");
      const state = places.states[i] || "open";
      if (rank) labels.push({ ...rank, key: i, x, y, r, text: node.name, state });
    });
    return labels.sort((a, b) => b.rank - a.rank || b.people - a.people);
  }

  /**
   * @param {NetworkNode} node
   * @param {string} symbol - its classes
   * @returns {Rank | null} null for no label at this zoom
   */
  rank(node, symbol) {
    const people = node.people || 0;
    const shown = this.scene?.places.shown ?? {};
    if (node.town) return this.townRank(people, symbol);
    if (node.supply) {
      return shown.supply ? { rank: 2.8, people, kind: "supply", size: 12, weight: 600 } : null;
    }
    if (node.kind === "border_crossing") {
      if (this.zoom < 6.8 || !shown.crossings) return null;
      return { rank: 0.8, people, kind: "crossing", size: 11, weight: 500 };
    }
    const large = people > 900000;
    if (node.kind === "junction" || this.zoom < (large ? 4.5 : 6.2)) return null;
    return { rank: large ? 1.6 : 0.9, people, kind: "abroad", size: 11.5, weight: 500 };
  }

  /**
   * @param {number} people
   * @param {string} symbol
   * @returns {Rank | null}
   */
  townRank(people, symbol) {
    const { zoom } = this;
    const changed = symbol.includes("new") || symbol.includes("lost");
    const marked = symbol.includes("chosen") ? 3 : changed ? 1.2 : 0;
    const least = zoom < 5.2 ? 90000 : zoom < 5.8 ? 40000 : zoom < 6.6 ? 15000 : 0;
    if (!marked && people < least) return null;
    const grade = people > 300000 ? 3 : people > 60000 ? 2 : people > 15000 ? 1.5 : 1;
    return {
      rank: grade + marked,
      people,
      kind: "town",
      size: grade >= 3 ? 14 : grade >= 2 ? 12.5 : 11.5,
      weight: grade >= 3 ? 700 : grade >= 2 ? 600 : 500,
    };
  }

  /**
   * A port's name nearer to another port than to its own is worse than none: its tip has it.
   *
   * @param {Box} box
   * @param {Label} label
   */
  misleads(box, label) {
    if (label.kind !== "supply") return false;
    const own = boxDistance(box, label);
    return this.supply.some((other) => other.i !== label.key && boxDistance(box, other) < own + 5);
  }

  /**
   * @param {Label} label
   * @param {boolean} [boldly] - over symbols of events, for a name the map cannot do without
   */
  beside(label, boldly = false) {
    let best = null;
    let least = Infinity;
    for (const place of candidates(label, this.width(label.text, label), label.size)) {
      const { box, side, taste } = place;
      if (!this.room.free(box, 3, boldly) || this.misleads(box, label)) continue;
      const kept = this.chosen.get(label.key) === side ? -1.5 : 0;
      const cost = taste + 0.8 * this.room.roadCost(box) + kept;
      if (cost < least) {
        least = cost;
        best = place;
      }
    }
    if (!best && label.rank >= GREAT && !boldly) {
      this.beside(label, true);
      return;
    }
    if (!best) {
      this.chosen.delete(label.key);
      return;
    }
    this.chosen.set(label.key, best.side);
    const state = label.kind === "town" ? label.state : "";
    const base = best.cy + label.size * 0.34;
    this.write(label.text, best.cx, base, label, `l-${label.kind} ${state}`, best.box);
  }

  /**
   * @param {string} text
   * @param {number} x - middle
   * @param {number} y - base line
   * @param {Letters} letters
   * @param {string} classes
   * @param {Box} box
   */
  write(text, x, y, { size, weight, spacing }, classes, box) {
    const node = svgEl("text", {
      x: (x + this.shift.x).toFixed(1),
      y: (y + this.shift.y).toFixed(1),
      "font-size": size,
      "font-weight": weight,
      class: classes,
      text,
      "text-anchor": "middle",
    });
    if (spacing) {
      setAttribute(node, "letter-spacing", spacing);
      setAttribute(node, "dx", spacing / 2);
    }
    this.out.push(node);
    this.room.take(box);
  }

  countries() {
    const { zoom } = this;
    for (const { anchors, focus, name } of this.base?.countries ?? []) {
      if (zoom > (focus ? 7.2 : 8.5)) continue;
      const size = focus
        ? Math.min(21, 15 + (zoom - 5) * 3)
        : Math.min(13.5, 9.6 + (zoom - 4.5) * 1.5);
      if (size < 8.5) continue;
      const full = size * (focus ? 0.55 : 0.22);
      this.spread(anchors, (name[lang] || name.en).toUpperCase(), {
        letters: { size, weight: focus ? 500 : 600 },
        spacings: [full, full * 0.45],
        classes: focus ? "l-country focus" : "l-country",
        fill: focus ? 0.8 : 0.62,
      });
    }
  }

  regions() {
    if (this.zoom < 5.6 || this.zoom > 8.4) return;
    for (const { anchors, name } of this.base?.regions ?? []) {
      this.spread(anchors, (name[lang] || name.en).toUpperCase(), {
        letters: { size: 10.5, weight: 500 },
        spacings: [2.6, 1.2],
        classes: "l-region",
        fill: 0.9,
      });
    }
  }

  /**
   * Write a name with spaced letters at the roomiest of its anchors where it meets no other label.
   *
   * @param {Anchor[]} anchors
   * @param {string} text
   * @param {{ letters: Letters, spacings: number[], classes: string, fill: number }} look - `fill`
   *   is the share of an anchor's room that the name may take
   */
  spread(anchors, text, { letters, spacings, classes, fill }) {
    let best = null;
    let most = -Infinity;
    const size = this.room.size;
    for (const spacing of spacings) {
      const width = this.width(text, { ...letters, spacing });
      for (const [lat, lon, degrees] of anchors) {
        const { x, y } = this.inFrame(project(lat, lon));
        const box = around(x, y, width, letters.size * 1.2);
        const reach = (degrees * this.frame.k) / 360;
        if (width > (2 * reach) / fill || !this.room.free(box, 6)) continue;
        const central = x > 0.15 * size.x && x < 0.85 * size.x ? 15 : 0;
        const score = Math.min(reach, 160) + spacing * 3 - 7 * this.room.roadCost(box) + central;
        if (score > most) {
          most = score;
          best = { box, x, y, spacing };
        }
      }
    }
    if (!best) return;
    const { box, x, y, spacing } = best;
    this.write(text, x, y + letters.size * 0.35, { ...letters, spacing }, classes, box);
  }

  rivers() {
    const { zoom } = this;
    for (const river of this.base?.rivers ?? []) {
      if (!river.name || (river.rank > 1 && zoom < 5.6) || (river.rank > 2 && zoom < 6.8)) continue;
      const text = river.name[lang] || river.name.en;
      const size = river.rank === 1 ? 12 : 11;
      const need = this.width(text, { size, weight: 500, spacing: 1.2 }) * 1.12 + 26;
      const found = river.lines
        .flatMap((line) => stretches(pixelsOf(line, this.frame), need, this.shift, this.room))
        .sort((a, b) => b.score - a.score);
      this.nameRiver(text, size, found);
    }
  }

  /**
   * @param {string} text
   * @param {number} size
   * @param {Stretch[]} found - best first
   */
  nameRiver(text, size, found) {
    /** @type {Stretch[]} */
    const kept = [];
    for (const stretch of found) {
      if (kept.length >= (this.zoom > 6.5 ? 3 : 2)) break;
      if (kept.some((other) => Math.hypot(other.x - stretch.x, other.y - stretch.y) < 420))
        continue;
      const boxes = this.riverBoxes(stretch, size);
      if (!boxes.every((box) => this.room.free(box, 2))) continue;
      kept.push(stretch);
      for (const box of boxes) this.room.take(box);
      this.along(text, stretch, size);
    }
  }

  /**
   * @param {Stretch} stretch
   * @param {number} size
   * @returns {Box[]}
   */
  riverBoxes(stretch, size) {
    const { x: dx, y: dy } = this.shift;
    return stretch.points
      .slice(1, -1)
      .map(([x, y]) => [x - dx - 9, y - dy - size - 4, x - dx + 9, y - dy]);
  }

  /**
   * @param {string} text
   * @param {Stretch} stretch
   * @param {number} size
   */
  along(text, { points: p }, size) {
    const id = `sr-along-${[p[0], p[8]].flat().map(Math.round).join("_")}`;
    const pair = (/** @type {number[]} */ at) => at.map((v) => v.toFixed(1)).join(",");
    let d = `M${pair(p[0])}`;
    for (let i = 1; i < p.length - 1; i++) {
      const middle = [(p[i][0] + p[i + 1][0]) / 2, (p[i][1] + p[i + 1][1]) / 2];
      d += `Q${pair(p[i])} ${pair(middle)}`;
    }
    d += `L${pair(p[p.length - 1])}`;
    this.out.push(svgEl("path", { id, d, fill: "none" }));
    const name = svgEl("textPath", {
      href: `#${id}`,
      startOffset: "50%",
      "text-anchor": "middle",
      text,
    });
    const look = { class: "l-river", "font-size": size, dy: -4, "letter-spacing": 1.2 };
    this.out.push(svgEl("text", look, name));
  }

  lakes() {
    if (this.zoom < 6.4) return;
    for (const { anchor, name } of this.base?.lakes ?? []) {
      const text = name[lang] || name.en;
      const at = this.inFrame(project(anchor[0], anchor[1]));
      const look = { size: 10.5, weight: 500, kind: "lake", state: "", rank: 0, people: 0 };
      this.beside({ ...look, ...at, key: `lake ${text}`, r: 5, text });
    }
  }

  degrees() {
    if (this.zoom >= 6.6 || !this.base) return;
    const letters = { size: 10, weight: 400 };
    /** @type {(value: number, plus: string, minus: string) => string} */
    const degree = (value, plus, minus) =>
      value === 0 ? "0°" : `${Math.abs(value)}° ${t(value < 0 ? minus : plus)}`;
    /** @type {(text: string, left: number, base: number) => void} */
    const write = (text, left, base) => {
      const width = this.width(text, letters);
      /** @type {Box} */
      const box = [left, base - 10, left + width, base + 2];
      if (this.room.free(box)) this.write(text, left + width / 2, base, letters, "l-degree", box);
    };
    for (let lat = -80; lat <= 80; lat += 5) {
      write(degree(lat, "north", "south"), 6, this.inFrame(project(lat, 0)).y - 4);
    }
    for (let lon = -175; lon <= 175; lon += 5) {
      write(degree(lon, "east", "west"), this.inFrame(project(0, lon)).x + 4, 15);
    }
  }
}
