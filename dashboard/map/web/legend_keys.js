// Samples of lines and symbols for the legend, drawn with the classes of the map.

import { svgEl } from "../../../geodata/export/web/dom.js";
import { fuelRing } from "../../../geodata/export/web/fuel_ring.js";
import { circle, cross } from "../../../geodata/export/web/shapes.js";
import {
  eventFamily,
  eventGlyph,
  isolatedSign,
  placeGlyphs,
  townShape,
} from "../../../geodata/export/web/symbols.js";
import { facilityShape } from "./facilities.js";
import { findingSign } from "./findings.js";

/** @import { TownState, Weight } from "./types" */

/** @typedef {(name: string) => SVGElement} Sample */

/** @type {Record<string, Sample>} */
const SAMPLES = { road, way, difference, town, fuel, event, finding, symbol };

/**
 * Draw the sample of a row of the legend.
 *
 * @param {string} kind - road, way, difference, town, fuel, event, finding or symbol
 * @param {string} name - its state or type
 */
export function legendKey(kind, name) {
  return SAMPLES[kind](name);
}

/**
 * @param {string} box
 * @param {Node[]} children
 * @param {string} [more] - classes
 */
function key(box, children, more = "") {
  return svgEl("svg", { viewBox: box, class: `sr-key ${more}`, "aria-hidden": "true" }, children);
}

/**
 * @param {string} classes
 * @param {Node[]} children
 */
const group = (classes, ...children) => svgEl("g", { class: classes }, children);

/** @type {Sample} */
function road(name) {
  const line = () => svgEl("path", { class: name, d: "M2 7H32", style: "--w:3px;--zf:1.15" });
  const parts = [group("r-casings", line()), group("r-lines", line()), group("r-cores", line())];
  if (name === "cut") {
    const mark = group("mark cut", svgEl("circle", { r: 6.2 }), svgEl("path", { d: cross(3.2) }));
    mark.setAttribute("transform", "translate(17 7) scale(.86)");
    parts.push(mark);
  }
  return key("0 0 34 14", parts, "wide");
}

/** @type {Sample} */
function way(name) {
  const line = svgEl("path", { class: `w-${name}`, d: "M2 7H32", style: "--zf:1" });
  return key("0 0 34 14", [line], "wide");
}

/** @type {Sample} */
function difference(name) {
  const d = name === "gained" ? "M-3.6 0H3.6M0 -3.6V3.6" : "M-3.6 0H3.6";
  return key("-9 -9 18 18", [
    group(`mark ${name}`, svgEl("circle", { r: 6.2 }), svgEl("path", { d })),
  ]);
}

/** @type {Sample} */
function town(name) {
  const [first, cause] = name.split(" ");
  const state = /** @type {TownState} */ (first);
  const sign = state === "isolated" ? isolatedSign(cause, 2.3) : "";
  const symbolOf = group(
    `town ${name}`,
    svgEl("path", { class: "halo", d: circle(8) }),
    svgEl("path", { class: "body", d: townShape[state](4.6) }),
    svgEl("path", { class: "sign", d: sign }),
  );
  return key("-9 -9 18 18", [group("p-towns", symbolOf)]);
}

/** @type {Sample} */
function fuel(name) {
  return key("-9 -9 18 18", [fuelRing(name, 6)]);
}

/** @type {Sample} */
function event(name) {
  const glyph = svgEl("path", { d: eventGlyph(name) });
  return key("-9.5 -9.5 19 19", [
    group(`event ${eventFamily(name)}`, svgEl("circle", { r: 8.5 }), glyph),
  ]);
}

/** @type {Sample} */
function finding(name) {
  const weight = /** @type {Weight} */ (name);
  return key("-10 -10 20 20", [group(`finding ${weight}`, ...findingSign(weight))]);
}

/** @type {Sample} */
function symbol(name) {
  return key("-10 -10 20 20", [placeSymbol(name)]);
}

/** @param {string} name */
function placeSymbol(name) {
  if (name === "facility") return group("facility", ...facilityShape());
  if (name === "rail") {
    const line = (/** @type {string} */ classes) =>
      svgEl("path", { class: classes, d: "M-10 0H10" });
    return group("", line("b-rail"), line("b-rail b-ties"));
  }
  if (name === "crossing") {
    return group("crossing", svgEl("circle", { r: 4.4 }), svgEl("path", { d: "M-2.4 0H2.4" }));
  }
  if (name === "airport") {
    const plane = svgEl("path", { d: placeGlyphs.airport, transform: "scale(.92)" });
    return group("airport", svgEl("circle", { r: 7.5 }), plane);
  }
  if (name === "region") {
    const plate = svgEl("rect", { x: -9, y: -6, width: 18, height: 12, rx: 6 });
    return group("event region", plate, svgEl("path", { d: "M-4 -2.4H4M-4 0H4M-4 2.4H1" }));
  }
  return group(
    name.endsWith("off") ? "supply off" : "supply",
    svgEl("rect", { x: -8, y: -8, width: 16, height: 16, rx: 4.5 }),
    svgEl("path", { d: placeGlyphs[name.startsWith("port") ? "port" : "depot"] }),
    svgEl("path", { class: "slash", d: "M-8.5 8.5L8.5 -8.5" }),
  );
}
