// The map of the exported page: drawing, labels, zoom and pan.

import { button, view, words } from "./content.js";
import { el, svgEl } from "./dom.js";
import { fuelRing } from "./fuel_ring.js";
import { scaleBar as chooseScale } from "./scale.js";
import { cross } from "./shapes.js";
import { eventFamily, eventGlyph, isolatedSign, placeGlyphs, townShape } from "./symbols.js";

/** @import { Point, Town, ViewBox } from "./types" */

/**
 * @typedef {{ group: SVGElement, node: SVGElement, at: Point, rank: number, gap: number,
 *   length: number, area: boolean, wide: boolean }} Name
 */

const map = view.map;
/** @type {(box: number[]) => ViewBox} */
const boxOf = ([x, y, w, h]) => ({ x, y, w, h });
const home = boxOf(map.home);
let box = { ...home };
/** @type {{ node: SVGElement, at: Point }[]} */
const marks = [];
/** @type {Name[]} */
const names = [];
const chosen = el("p", { class: "chosen", "aria-live": "polite" }, words.nothing_chosen);
const canvas = svgEl("svg", { role: "application", tabindex: "0", "aria-label": words.map_help });
/** @type {Record<string, SVGGElement>} */
const layer = {};
const scaleBar = el("i", {});
const fuelKey = el("div", { hidden: true });
const scaleText = el("span", {});
/** @type {Element[]} */
let lit = [];
/** States whose line has another along its middle. */
const CORED = ["escort_only", "contested"];

/**
 * Return the symbol of a town.
 *
 * @param {Town["state"]} state
 * @param {string} cause - of isolation
 * @param {number} r
 */
function townMark(state, cause, r) {
  const sign = state === "isolated" ? isolatedSign(cause, r * 0.5) : "";
  return svgEl(
    "g",
    { class: `mark t-${state} ${cause}` },
    svgEl("path", { class: "body", d: townShape[state](r) }),
    svgEl("path", { class: "sign", d: sign }),
  );
}

/**
 * Return the symbol of a supply point.
 *
 * @param {string} kind - port or depot
 * @param {boolean} off
 */
function supplyMark(kind, off) {
  const glyph = kind === "port" ? placeGlyphs.port : placeGlyphs.depot;
  return svgEl(
    "g",
    { class: off ? "depot off" : "depot", transform: "scale(.9)" },
    svgEl("rect", { class: "body", x: -8, y: -8, width: 16, height: 16, rx: 4.5 }),
    svgEl("path", { class: "glyph", d: glyph }),
    svgEl("path", { class: "slash", d: "M-8.5 8.5L8.5 -8.5" }),
  );
}

/**
 * Return the symbol of an event by its type.
 *
 * @param {string} type
 */
function eventMark(type) {
  return svgEl(
    "g",
    { class: `event ${eventFamily(type)}`, transform: "scale(.85)" },
    svgEl("circle", { class: "body", r: 8.5 }),
    svgEl("path", { class: "glyph", d: eventGlyph(type) }),
  );
}

function crossMark() {
  const d = cross(5);
  return svgEl(
    "g",
    { class: "cross" },
    svgEl("path", { class: "ground", d }),
    svgEl("path", { class: "over", d }),
  );
}

/**
 * Return the symbol of a row of the legend.
 *
 * @param {[string, string]} look - outline and sign
 */
function keyMark([shape, sign]) {
  if (shape.startsWith("supply")) return supplyMark(sign, shape === "supply_off");
  if (["harm", "bar", "ease", "rule"].includes(shape)) return eventMark(sign);
  if (shape === "circle" && sign === "crossing")
    return svgEl("circle", { class: "crossing", r: 4 });
  const state = shape === "circle" ? "open" : /** @type {Town["state"]} */ (shape);
  return townMark(state, sign === "cross" ? "" : sign, 5);
}

/**
 * @param {SVGElement} parent
 * @param {Point} at
 * @param {SVGElement} shape
 * @param {string} title
 */
function mark(parent, at, shape, title) {
  const node = svgEl("g", {}, shape);
  if (title) node.prepend(svgEl("title", {}, title));
  parent.append(node);
  marks.push({ node, at });
  return node;
}

/**
 * @param {string} text
 * @param {Point} at
 * @param {string} classes
 * @param {number} rank
 * @param {number} gap
 */
function name(text, at, classes, rank, gap) {
  const node = svgEl("text", { class: classes, y: 4 }, text);
  const group = svgEl("g", {}, node);
  layer.names.append(group);
  names.push({
    group,
    node,
    at,
    rank,
    gap,
    length: text.length,
    area: gap < 0,
    wide: /big|lost|place/.test(classes),
  });
}

/**
 * @param {string} title
 * @param {string} text
 * @param {Element[]} nodes
 */
function choose(title, text, nodes) {
  for (const node of lit) node.classList.remove("on");
  lit = nodes;
  for (const node of lit) node.classList.add("on");
  chosen.replaceChildren(el("b", {}, title), ` · ${text}`);
}

function drawBase() {
  for (const each of map.base) {
    const part = svgEl("path", { d: each.d, class: `b-${each.name}` });
    const target =
      each.name === "admin1" ? layer.regions : each.name === "rail" ? layer.rail : layer.base;
    target.append(part);
    if (each.name === "admin0" && map.focus) {
      layer.base.append(svgEl("path", { d: map.focus, class: "focus" }));
    }
  }
}

/** @type {Record<string, { middle: () => Point, show: () => void }>} */
export const roads = {};

function drawRoads() {
  const casings = svgEl("g", {});
  const lines = svgEl("g", {});
  const hits = svgEl("g", {});
  for (const each of map.segments) {
    const casing = svgEl("path", { d: each.d, class: `casing c-${each.state}` });
    const line = svgEl("path", { d: each.d, class: `seg s-${each.state}` });
    const core = svgEl("path", { d: each.d, class: `seg core k-${each.state}` });
    const hit = svgEl("path", { d: each.d, class: "hit" }, svgEl("title", {}, each.name));
    casings.append(casing);
    lines.append(line);
    if (CORED.includes(each.state)) lines.append(core);
    hits.append(hit);
    roads[each.id] = {
      show: () => choose(each.name, each.text, [line]),
      middle: () => {
        const { x, y } = hit.getPointAtLength(hit.getTotalLength() / 2);
        return [x, y];
      },
    };
    hit.addEventListener("click", roads[each.id].show);
  }
  layer.roads.append(casings, lines, hits);
  for (const each of map.segments) {
    if (each.state !== "cut") continue;
    mark(layer.roads, roads[each.id].middle(), crossMark(), each.name);
  }
}

/** @type {Record<string, { each: Town, show: () => void }>} */
export const towns = {};

/** @param {number} people */
function radius(people) {
  return Math.min(11, Math.max(3, 3.2 * (Math.max(people, 3000) / 10000) ** 0.25));
}

function drawTowns() {
  const order = [...map.towns].sort(
    (a, b) => (a.state === "open" ? 0 : 1) - (b.state === "open" ? 0 : 1),
  );
  for (const each of order) {
    const r = radius(each.people);
    const cause = each.cause === "closure" ? "" : each.cause;
    const node = mark(layer.towns, each.at, townMark(each.state, cause, r), "");
    node.setAttribute("class", "town");
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `${each.name}: ${each.text}`);
    const show = () => choose(each.name, each.text, []);
    towns[each.id] = { each, show };
    if (each.fuel) {
      const ring = svgEl("g", {}, fuelRing(each.fuel, r * 1.3 + 3.5));
      layer.fuel.append(ring);
      marks.push({ node: ring, at: each.at });
    }
    node.addEventListener("click", show);
    node.addEventListener("focus", show);
    const lost = each.state === "isolated" && !each.before;
    const style = lost
      ? "lost"
      : each.people >= 100000
        ? "big"
        : each.state === "open"
          ? "soft"
          : "";
    name(
      each.name,
      each.at,
      style,
      (lost ? 1 : each.people >= 100000 ? 2 : each.state === "open" ? 5 : 4) - each.people / 1e8,
      r + 4,
    );
  }
}

function drawPoints() {
  for (const each of map.supply) {
    mark(layer.supply, each.at, supplyMark(each.kind, each.off), each.name);
    name(each.name, each.at, "place", 0, 12);
  }
  for (const each of map.crossings) {
    mark(layer.crossings, each.at, svgEl("circle", { class: "crossing", r: 3 }), each.name);
    name(each.name, each.at, "soft", 8, 6);
  }
  for (const each of map.events) {
    const node = mark(layer.events, each.at, eventMark(each.type), each.name);
    node.addEventListener("click", () => choose(each.name, each.text, []));
  }
  for (const each of map.names) {
    name(
      each.name,
      each.at,
      each.layer === "admin0" ? "area country" : "area",
      each.layer === "admin0" ? 3 : 7,
      -1,
    );
  }
}

// Labels and symbols keep their size on the screen; a label that would lie on another waits
// for a larger zoom.
function settle() {
  canvas.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
  const width = canvas.clientWidth || 900;
  const cell = Math.max(box.w / width, box.h / (canvas.clientHeight || width));
  const left = box.x - (width * cell - box.w) / 2;
  const top = box.y - ((canvas.clientHeight || width) * cell - box.h) / 2;
  for (const each of marks) {
    each.node.setAttribute("transform", `translate(${each.at[0]} ${each.at[1]}) scale(${cell})`);
  }
  /** @type {{ left: number, right: number, top: number, bottom: number }[]} */
  const taken = [];
  for (const each of names) {
    const x = (each.at[0] - left) / cell;
    const y = (each.at[1] - top) / cell;
    const length = each.length * (each.wide ? 6.8 : 6.1) + 4;
    const sides = each.area ? [-length / 2] : [each.gap, -each.gap - length];
    let place = null;
    for (const side of sides) {
      const spot = { left: x + side, right: x + side + length, top: y - 8, bottom: y + 8, side };
      if (
        !taken.some(
          (other) =>
            spot.left < other.right &&
            spot.right > other.left &&
            spot.top < other.bottom &&
            spot.bottom > other.top,
        )
      ) {
        place = spot;
        break;
      }
    }
    each.group.setAttribute("display", place ? "inline" : "none");
    if (!place) continue;
    taken.push(place);
    const start = each.area ? 0 : place.side < 0 ? -each.gap : each.gap;
    each.node.setAttribute("x", String(start));
    if (!each.area) each.node.setAttribute("text-anchor", place.side < 0 ? "end" : "start");
    each.group.setAttribute("transform", `translate(${each.at[0]} ${each.at[1]}) scale(${cell})`);
  }
  const { km, width: wide } = chooseScale(map.cellsPerKm / cell, 150);
  scaleBar.style.width = `${wide}px`;
  scaleText.textContent = `${km} km`;
}

/**
 * @param {number} factor
 * @param {{ x: number, y: number }} [at]
 */
function zoom(factor, at) {
  const w = Math.min(home.w * 1.3, Math.max(home.w / 24, box.w * factor));
  const point = at || { x: box.x + box.w / 2, y: box.y + box.h / 2 };
  const share = w / box.w;
  box = {
    x: point.x - (point.x - box.x) * share,
    y: point.y - (point.y - box.y) * share,
    w,
    h: box.h * share,
  };
  keep();
}

/**
 * @param {number} dx
 * @param {number} dy
 */
function pan(dx, dy) {
  box.x += dx * box.w;
  box.y += dy * box.h;
  keep();
}

function keep() {
  box.x = Math.min(Math.max(box.x, home.x - box.w / 3), home.x + home.w - (box.w * 2) / 3);
  box.y = Math.min(Math.max(box.y, home.y - box.h / 3), home.y + home.h - (box.h * 2) / 3);
  settle();
}

function reset() {
  box = { ...home };
  settle();
}

/** @param {Point} at */
export function goTo(at) {
  const w = Math.min(box.w, home.w / 4);
  box = { w, h: (w * home.h) / home.w, x: at[0] - w / 2, y: at[1] - (w * home.h) / home.w / 2 };
  keep();
  canvas.scrollIntoView({ block: "center" });
  canvas.focus({ preventScroll: true });
}

/** @param {MouseEvent} event */
function cellOf(event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(
    canvas.getScreenCTM()?.inverse(),
  );
}

function listen() {
  /** @type {Map<number, PointerEvent>} */
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    if (fingers.size === 1) {
      moved += Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY);
      if (moved > 4 && !canvas.hasPointerCapture(event.pointerId))
        canvas.setPointerCapture(event.pointerId);
      const [from, to] = [cellOf(last), cellOf(event)];
      pan((from.x - to.x) / box.w, (from.y - to.y) / box.h);
    } else if (fingers.size === 2) {
      const other = [...fingers.values()].find((each) => each.pointerId !== event.pointerId);
      if (!other) return;
      const before = Math.hypot(last.clientX - other.clientX, last.clientY - other.clientY);
      const now = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
      if (now > 0 && before > 0) zoom(before / now, cellOf(event));
    }
    fingers.set(event.pointerId, event);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "pointerleave"])) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, cellOf(event));
    },
    { passive: false },
  );
  canvas.addEventListener("dblclick", (event) => zoom(0.5, cellOf(event)));
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowLeft: () => pan(-0.15, 0),
    ArrowRight: () => pan(0.15, 0),
    ArrowUp: () => pan(0, -0.15),
    ArrowDown: () => pan(0, 0.15),
    "+": () => zoom(0.7),
    "=": () => zoom(0.7),
    "-": () => zoom(1.4),
    0: reset,
  };
  canvas.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  window.addEventListener("resize", settle);
  window.addEventListener("beforeprint", settle);
}

function switches() {
  const rows = [
    ["roads", "layer_roads"],
    ["towns", "layer_towns"],
    ["supply", "layer_supply"],
    ["crossings", "layer_crossings"],
    ["events", "layer_events"],
    ["names", "layer_names"],
    ["regions", "layer_regions"],
    ["rail", "layer_rail"],
  ];
  if (map.fuel) rows.push(["fuel", "layer_fuel"]);
  return el(
    "fieldset",
    {},
    el("legend", {}, words.layers),
    ...rows.map(([key, word]) => {
      const input = el("input", { type: "checkbox", checked: key !== "fuel" });
      input.dataset.layer = key;
      input.addEventListener("change", () => {
        layer[key].setAttribute("display", input.checked ? "inline" : "none");
        if (key === "fuel") fuelKey.hidden = !input.checked;
      });
      return el("label", {}, input, words[word]);
    }),
  );
}

// Words of the fuel model, and their day and source under them; shown with the layer.
function fuelLegend() {
  if (!map.fuel) return [];
  const items = Object.entries(map.fuel.words).map(([word, text]) => {
    const look = { viewBox: "0 0 34 16", "aria-hidden": "true" };
    const ring = svgEl("g", { transform: "translate(17 8)" }, fuelRing(word, 5.5));
    return el("li", {}, svgEl("svg", look, ring), text);
  });
  fuelKey.replaceChildren(
    el("b", {}, words.layer_fuel),
    el("ul", { class: "key" }, ...items),
    el("p", { class: "note" }, map.fuel.note),
  );
  return [fuelKey];
}

function legend() {
  const items = map.legend.map((each) => {
    const picture = svgEl("svg", { viewBox: "0 0 34 16", "aria-hidden": "true" });
    if (each.line) {
      picture.append(svgEl("path", { d: "M1 8H33", class: `seg ${each.line}` }));
      const state = each.line.slice(2);
      if (CORED.includes(state))
        picture.append(svgEl("path", { d: "M1 8H33", class: `seg core k-${state}` }));
    } else {
      picture.append(svgEl("g", { transform: "translate(17 8)" }, keyMark(each.symbol)));
    }
    return el("li", {}, picture, each.name);
  });
  return el(
    "div",
    {},
    el("b", {}, words.legend),
    el("ul", { class: "key" }, ...items),
    ...fuelLegend(),
  );
}

export function mapPart() {
  for (const key of [
    "base",
    "regions",
    "rail",
    "roads",
    "crossings",
    "towns",
    "fuel",
    "supply",
    "events",
    "names",
  ]) {
    layer[key] = svgEl("g", {});
    layer[key].dataset.layer = key;
    canvas.append(layer[key]);
  }
  layer.fuel.setAttribute("display", "none");
  const tools = el(
    "div",
    { class: "zoom" },
    button("+", words.zoom_in, () => zoom(0.7)),
    button("−", words.zoom_out, () => zoom(1.4)),
    button("⌂", words.zoom_all, reset),
  );
  return el(
    "section",
    { "aria-label": words.map },
    el(
      "div",
      { class: "map" },
      canvas,
      tools,
      el("div", { class: "scale", "aria-hidden": "true" }, scaleText, scaleBar),
    ),
    chosen,
    el("div", { class: "below" }, switches(), legend()),
  );
}

export function drawMap() {
  drawBase();
  drawRoads();
  drawTowns();
  drawPoints();
  names.sort((a, b) => a.rank - b.rank);
  listen();
  if (canvas.clientWidth < 600) box = boxOf(map.start);
  settle();
}
