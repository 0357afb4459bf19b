// The road network as SVG: casings, lines, patterns, marks and wide invisible hit lines.
// A click may land this far from where it was meant.
import { setAttribute, svgEl } from "../../../geodata/export/web/dom.js";
import {
  arrowNeighbour,
  distanceTo,
  frameOf,
  joinLines,
  midpoint,
  offsetPath,
  pathData,
  pixelsOf,
  zoomFactor,
} from "./geometry.js";
import { Overlay } from "./overlay.js";
import { noStop } from "./roving.js";
import { hasRoom, symbolAt, symbolBoxes } from "./symbols.js";

/** @import { Actions, Change, Frame, Network, Point, SegmentState } from "./types" */

/** @type {("casing" | "line" | "core")[]} */
const LAYERS = ["casing", "line", "core"];
/** @type {Record<string, string>} */
const MARKS = {
  cut: "M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2",
  closed: "M-3.6 0H3.6",
  lost: "M-3.6 0H3.6",
  gained: "M-3.6 0H3.6M0 -3.6V3.6",
};

export class SvgRoads {
  /** @type {SegmentState[]} */
  state = [];
  /** @type {Record<number, Change | undefined>} */
  difference = {};
  /** @type {Float64Array[]} */
  pixels = [];
  /** @type {number[]} */
  lengths = [];
  /** @type {Point[]} */
  centres = [];
  /** @type {number[]} */
  way = [];
  /** @type {number[]} */
  former = [];
  /** @type {Record<string, SVGGElement>} */
  groups = {};
  /** @type {Record<"casing" | "line" | "core" | "hit", SVGPathElement[]>} */
  paths = { casing: [], line: [], core: [], hit: [] };
  /** @type {(SVGGElement | null)[]} */
  marks = [];
  hoverLine = svgEl("path", { class: "r-hover" });
  focusRing = svgEl("path", { class: "r-focus" });
  wayPath = svgEl("path", { class: "w-now" });
  formerPath = svgEl("path", { class: "w-former" });
  above = new Overlay("above", () => {});
  labelled = true;
  lit = -1;
  ringed = -1;
  roving = 0;
  ordered = false;
  emphasised = "";
  timer = 0;
  settle = () => this.soon();

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
    this.reach = matchMedia("(pointer: coarse)").matches ? 24 : 15;
    this.layer = new Overlay("roads", (frame) => this.draw(frame));
    this.build();
    this.layer.addTo(map);
  }

  build() {
    const svg = this.layer.svg;
    /** @type {(name: string, attributes?: object) => SVGGElement} */
    const group = (name, attributes) =>
      svg.appendChild(svgEl("g", { class: `r-${name}`, ...attributes }));
    /** @type {Record<string, SVGGElement>} */
    const g = {
      way: group("way"),
      casing: group("casings"),
      line: group("lines"),
      core: group("cores"),
      former: group("former"),
      mark: group("marks"),
      hit: group("hits", { role: "group" }),
    };
    for (const [name, node] of Object.entries(g)) {
      if (name !== "hit") node.setAttribute("aria-hidden", "true");
    }
    this.groups = g;
    svg.insertBefore(this.hoverLine, g.casing);
    svg.insertBefore(this.focusRing, g.casing);
    g.way.append(this.wayPath);
    g.former.append(this.formerPath);
    const n = this.network.ids.length;
    this.marks = new Array(n).fill(null);
    for (let i = 0; i < n; i++) {
      const style = `--w:${this.network.width[i]}px`;
      for (const part of LAYERS) {
        this.paths[part].push(g[part].appendChild(svgEl("path", { class: "open", style })));
      }
      this.paths.hit.push(
        svgEl("path", {
          class: "hit",
          tabindex: i ? -1 : 0,
          role: "button",
          "data-segment": this.network.ids[i],
          "data-i": i,
        }),
      );
    }
    this.listen(g.hit);
    this.above.addTo(this.map);
    this.groups.above = this.above.svg.appendChild(svgEl("g", { class: "r-hits" }));
    this.listen(this.groups.above);
    this.map.on("moveend zoomend resize", this.settle);
  }

  /** @param {SVGGElement} group */
  listen(group) {
    noStop(group);
    // A pointer means the segment nearest to it; a key means the one that has the focus.
    const index = (/** @type {any} */ event) => {
      const i = event.target.getAttribute?.("data-i");
      if (i === null || i === undefined) return -1;
      if (event.clientX === undefined || (event.detail === 0 && event.type === "click"))
        return Number(i);
      // A raised line lies above the symbols, and yet gives way to what it covers.
      const symbol = symbolAt(event.clientX, event.clientY);
      if (!symbol) return this.nearest(event.clientX, event.clientY);
      if (
        event.type === "click" ||
        (event.type === "pointermove" && event.pointerType !== "touch")
      ) {
        L.DomEvent.stopPropagation(event);
        symbol.dispatchEvent(
          new PointerEvent(event.type === "click" ? "click" : "pointerenter", {
            bubbles: event.type === "click",
            detail: 1,
            clientX: event.clientX,
            clientY: event.clientY,
          }),
        );
      }
      return -1;
    };
    /** @type {Record<string, (i: number, event: any) => void>} */
    const handlers = {
      click: (i, event) => {
        L.DomEvent.stopPropagation(event);
        if (!this.map.dragging.moved() || event.detail === 0) this.actions.toggle(i, event);
      },
      dblclick: (_, event) => L.DomEvent.stop(event),
      pointermove: (i, event) => {
        if (event.pointerType === "touch") return;
        this.light(i);
        this.actions.hover(i, event);
      },
      pointerout: () => {
        this.light(-1);
        this.actions.leave();
      },
      focusin: (i, event) => {
        if (event.target.matches(":focus-visible")) this.ring(i);
        this.rove(i);
        this.actions.focus(i, this.middle(i));
      },
      focusout: () => {
        this.ring(-1);
        this.actions.leave();
      },
      keydown: (i, event) => this.key(i, event),
    };
    for (const [name, handler] of Object.entries(handlers)) {
      group.addEventListener(name, (event) => {
        const i = index(event);
        if (i >= 0) handler(i, event);
      });
    }
  }

  /**
   * The segment under a point of the frame. One too short to be seen counts as a little nearer,
   * or the town at its end would hide it for good.
   *
   * @param {number} clientX
   * @param {number} clientY
   */
  nearest(clientX, clientY) {
    const box = this.map.getContainer().getBoundingClientRect();
    const at = this.map.containerPointToLayerPoint([clientX - box.left, clientY - box.top]);
    let best = -1,
      least = Infinity;
    this.pixels.forEach((p, i) => {
      const share = Math.min(1, this.lengths[i] / 16),
        bonus = (1 - share) * 9.6;
      const away = distanceTo(p, at.x, at.y, least + bonus);
      const found = Math.max(away - bonus, away * (0.25 + 0.35 * share));
      if (found < least) {
        least = found;
        best = i;
      }
    });
    return best;
  }

  /** @param {number} i */
  lineOf(i) {
    return (i < 0 ? null : this.paths.line[i].getAttribute("d")) ?? "";
  }

  /** @param {number} i */
  light(i) {
    if (i === this.lit) return;
    this.lit = i;
    this.hoverLine.setAttribute("d", this.lineOf(i));
    this.hoverLine.style.setProperty("--w", i < 0 ? "0px" : `${this.network.width[i]}px`);
  }

  /**
   * One stop of the Tab key for all segments; the arrows go on to the nearest one that way.
   *
   * @param {number} i
   * @param {KeyboardEvent} event
   */
  key(i, event) {
    if (event.key === "Enter" || event.key === " ") {
      L.DomEvent.stop(event);
      this.actions.toggle(i, event);
      return;
    }
    const next = arrowNeighbour(this.centres, i, event.key);
    if (next === null) return;
    L.DomEvent.stop(event);
    if (next >= 0) this.paths.hit[next].focus({ preventScroll: true });
  }

  /** Let Tab reach a segment in sight: the one it reached before, or the first. */
  roveInSight() {
    if (this.ringed >= 0 || this.inView(this.roving)) return;
    const next = this.centres.findIndex((_, i) => this.inView(i));
    if (next >= 0) this.rove(next);
  }

  /** @param {number} i */
  rove(i) {
    this.paths.hit[this.roving].setAttribute("tabindex", "-1");
    this.roving = i;
    this.paths.hit[i].setAttribute("tabindex", "0");
  }

  /** @param {number} i */
  ring(i) {
    this.ringed = i;
    this.focusRing.setAttribute("d", this.lineOf(i));
    this.focusRing.style.setProperty("--w", i < 0 ? "0px" : `${this.network.width[i]}px`);
  }

  /** @param {Frame} frame */
  draw(frame) {
    const network = this.network,
      p = this.paths;
    this.layer.svg.style.setProperty("--zf", String(zoomFactor(this.map.getZoom())));
    this.lengths = [];
    this.centres = [];
    this.pixels = network.lines.map((line) => pixelsOf(line, frame));
    this.light(-1);
    network.lines.forEach((line, i) => {
      const d = pathData(line, frame, 1);
      p.casing[i].setAttribute("d", d);
      p.line[i].setAttribute("d", d);
      p.core[i].setAttribute("d", d);
      p.hit[i].setAttribute("d", d);
      const [x, y, length] = midpoint(this.pixels[i]);
      this.centres.push([x, y]);
      this.lengths.push(length);
      p.hit[i].style.strokeWidth = this.hitWidth(i);
    });
    // Short segments lie on top, so that each has a place where a click reaches it.
    if (!this.ordered) {
      const order = network.ids.map((_, i) => i).sort((a, b) => this.lengths[b] - this.lengths[a]);
      this.groups.hit.append(...order.map((i) => p.hit[i]));
      this.ordered = true;
    }
    this.drawMarks();
    this.drawWays(frame);
    if (this.ringed >= 0) this.ring(this.ringed);
  }

  /** @param {number} i */
  middle(i) {
    return this.centres[i];
  }

  /**
   * @param {number} i
   * @param {SegmentState} state
   * @param {Change} [difference]
   */
  paint(i, state, difference) {
    const name = difference ? `${state} diff ${difference}` : state;
    if (this.state[i] === state && this.paths.line[i].getAttribute("class") === name) return;
    this.state[i] = state;
    for (const part of LAYERS) this.paths[part][i].setAttribute("class", name);
    this.difference[i] = difference;
    this.mark(i);
  }

  /** @param {number} i */
  mark(i) {
    const kind = this.difference[i] || this.state[i];
    const wanted =
      MARKS[kind] && kind !== "same" && (kind !== "closed" || this.lengths[i] > 30) && this.centres;
    const old = this.marks[i];
    if (!wanted) {
      if (old) {
        old.remove();
        this.marks[i] = null;
      }
      return;
    }
    const mark =
      old ||
      this.groups.mark.appendChild(
        svgEl("g", {}, [svgEl("circle", { r: 6.2 }), svgEl("path", {})]),
      );
    mark.setAttribute("class", `mark ${kind}`);
    mark.lastElementChild?.setAttribute("d", MARKS[kind]);
    mark.setAttribute("transform", `translate(${this.centres[i].map((v) => v.toFixed(1))})`);
    this.marks[i] = mark;
  }

  drawMarks() {
    for (let i = 0; i < this.state.length; i++) this.mark(i);
  }

  /** @param {Frame} [frame] */
  drawWays(frame) {
    const f = frame || frameOf(this.map);
    setAttribute(
      this.wayPath,
      "d",
      this.way.map((i) => pathData(this.network.lines[i], f)).join(""),
    );
    const chain = joinLines(this.network, this.former);
    setAttribute(this.formerPath, "d", chain.length ? offsetPath(pixelsOf(chain, f), 6) : "");
  }

  /**
   * @param {number[]} way
   * @param {number[]} former
   */
  setWays(way, former) {
    this.way = way;
    this.former = former;
    this.drawWays();
  }

  /** @param {number[] | undefined} indices */
  emphasise(indices) {
    const key = JSON.stringify(indices) ?? "";
    if (key === this.emphasised) return;
    this.emphasised = key;
    const kept = indices && new Set(indices);
    this.network.ids.forEach((_, i) => {
      const dim = kept !== undefined && !kept.has(i);
      for (const part of LAYERS) this.paths[part][i].classList.toggle("dim", dim);
    });
  }

  /**
   * @param {number} i
   * @param {string} text
   * @param {boolean} pressed
   */
  label(i, text, pressed) {
    setAttribute(this.paths.hit[i], "aria-label", text);
    setAttribute(this.paths.hit[i], "aria-pressed", pressed);
  }

  /** @param {string} text */
  name(text) {
    setAttribute(this.groups.hit, "aria-label", text);
  }

  /**
   * Where symbols cover all of a segment, its hit line goes above them, narrow, so that both
   * the segment and the symbol can be clicked. Looked into when the map has come to rest.
   */
  soon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.lower();
      this.check(0);
    }, 250);
  }

  /**
   * A few at a time, so that nobody waits for it.
   *
   * @param {number} from
   */
  check(from, boxes = symbolBoxes()) {
    const until = performance.now() + 8;
    let i = from;
    for (; i < this.network.ids.length && performance.now() < until; i++) {
      if (this.inView(i) && !this.clear(i, boxes)) this.raise(i);
    }
    if (i < this.network.ids.length) this.timer = window.setTimeout(() => this.check(i, boxes), 12);
    else this.roveInSight();
  }

  /**
   * Whether a place on a segment, with a little room around it, is its own and clear of symbols.
   * Reckoned from boxes: to ask the page what lies at so many points would take a second.
   *
   * @param {number} i
   * @param {DOMRect[]} boxes
   */
  clear(i, boxes) {
    const box = this.map.getContainer().getBoundingClientRect();
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    /** @type {(x: number, y: number) => boolean} */
    const own = (x, y) =>
      x > box.left &&
      x < box.right &&
      y > box.top &&
      y < box.bottom &&
      !boxes.some((b) => x >= b.left && x <= b.right && y >= b.top && y <= b.bottom) &&
      this.nearest(x, y) === i;
    for (const [px, py] of this.spots(i)) {
      const x = Math.round(px - corner.x) + box.left,
        y = Math.round(py - corner.y) + box.top;
      if (own(x, y) && hasRoom(own, x, y)) return true;
    }
    return false;
  }

  /** @param {number} i */
  inView(i) {
    const at = this.map.layerPointToContainerPoint(this.centres[i]),
      size = this.map.getSize();
    return at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y;
  }

  /** @param {number} i */
  raise(i) {
    const path = this.paths.hit[i];
    if (path === document.activeElement || path.parentNode === this.groups.above) return;
    path.style.strokeWidth = "10px";
    this.groups.above.append(path);
  }

  lower() {
    for (const path of /** @type {SVGPathElement[]} */ ([...this.groups.above.children])) {
      if (path === document.activeElement) continue;
      const i = Number(path.getAttribute("data-i"));
      path.style.strokeWidth = this.hitWidth(i);
      this.groups.hit.append(path);
    }
  }

  /**
   * A segment that all but vanishes at this zoom stays within reach of a finger.
   *
   * @param {number} i
   */
  hitWidth(i) {
    return `${this.reach + Math.max(0, 16 - this.lengths[i])}px`;
  }

  /**
   * A point of the frame where a click reaches this segment and nothing else, or null; if it
   * can be, one with a little room around it.
   *
   * @param {number} i
   */
  pixelOf(i) {
    const found = this.spot(i);
    if (found.roomy || !this.inView(i)) return found.at;
    this.raise(i);
    return this.spot(i).at || found.at;
  }

  /** @param {number} i */
  spot(i) {
    const box = this.map.getContainer().getBoundingClientRect();
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    /** @type {(x: number, y: number) => boolean} */
    const reaches = (x, y) => {
      const under = document.elementFromPoint(x + box.left, y + box.top);
      return (
        under?.classList.contains("hit") === true &&
        !symbolAt(x + box.left, y + box.top) &&
        this.nearest(x + box.left, y + box.top) === i
      );
    };
    /** @type {{ x: number, y: number } | null} */
    let narrow = null;
    for (const [px, py] of this.spots(i)) {
      const x = Math.round(px - corner.x),
        y = Math.round(py - corner.y);
      if (!reaches(x, y)) continue;
      if (hasRoom(reaches, x, y)) return { at: { x, y }, roomy: true };
      narrow = narrow || { x, y };
    }
    return { at: narrow, roomy: false };
  }

  /**
   * Points on a segment from its middle outwards, then beside it, then round it.
   *
   * @param {number} i
   */
  *spots(i) {
    const path = this.paths.hit[i],
      length = path.getTotalLength();
    const reach = parseFloat(path.style.strokeWidth) / 2 - 0.8;
    for (let aside = 0; aside < reach; aside += 1.5) {
      for (let k = 0; k <= 12; k++) {
        for (const sign of [1, -1]) {
          const s = length * (0.5 + (sign * k) / 24);
          const a = path.getPointAtLength(s),
            b = path.getPointAtLength(s + 0.5),
            c = path.getPointAtLength(s - 0.5);
          const run = Math.hypot(b.x - c.x, b.y - c.y) || 1,
            dx = (b.y - c.y) / run,
            dy = (b.x - c.x) / run;
          yield [a.x - aside * dx, a.y + aside * dy];
          if (aside) yield [a.x + aside * dx, a.y - aside * dy];
        }
      }
    }
    const [mx, my] = this.centres[i];
    for (let r = 4; r < reach; r += 1) {
      for (let k = 0; k < 24; k++)
        yield [mx + r * Math.cos((k * Math.PI) / 12), my + r * Math.sin((k * Math.PI) / 12)];
    }
  }

  // What is painted is drawn at once.
  flush() {}

  remove() {
    clearTimeout(this.timer);
    this.map.off("moveend zoomend resize", this.settle);
    this.above.remove();
    this.layer.remove();
  }
}
