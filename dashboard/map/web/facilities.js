// Facilities of the visitor's own layer: small squares with a cross, named when pointed at.
import { svgEl } from "../../../geodata/export/web/dom.js";
import { project } from "./geometry.js";
import { Overlay } from "./overlay.js";

/** @import { Actions, Frame, Point } from "./types" */

/** @typedef {[number, number, string, string]} Row - latitude, longitude, name, kind */

/** Half the side of a symbol in pixels. */
const HALF = 4.5;

export class Facilities {
  rows = "";
  /** @type {[SVGGElement, Point][]} */
  symbols = [];

  /**
   * @param {L.Map} map
   * @param {Actions} actions
   */
  constructor(map, actions) {
    this.actions = actions;
    this.layer = new Overlay("places", (frame) => this.draw(frame));
    this.layer.addTo(map);
  }

  remove() {
    this.layer.remove();
  }

  /** @param {Row[]} rows */
  set(rows) {
    const key = JSON.stringify(rows);
    if (key === this.rows) return;
    this.rows = key;
    this.symbols = rows.map((row) => [this.symbol(row), project(row[0], row[1])]);
    this.layer.svg.replaceChildren(...this.symbols.map(([symbol]) => symbol));
    this.layer.redraw();
  }

  /** @param {Row} row */
  symbol([, , name, kind]) {
    const symbol = svgEl("g", { class: "facility" }, facilityShape());
    symbol.addEventListener("pointerenter", (event) => {
      const { clientX, clientY } = /** @type {PointerEvent} */ (event);
      this.actions.tip(`${name} · ${kind}`, clientX, clientY);
    });
    symbol.addEventListener("pointerleave", () => this.actions.leave());
    return symbol;
  }

  /** @param {Frame} frame */
  draw({ k, x, y }) {
    for (const [symbol, at] of this.symbols) {
      const [left, top] = [at[0] * k - x, at[1] * k - y];
      symbol.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
    }
  }
}

/** A square with a cross; the legend shows it too. */
export function facilityShape() {
  return [
    svgEl("rect", { x: -HALF, y: -HALF, width: 2 * HALF, height: 2 * HALF, rx: 2 }),
    svgEl("path", { d: "M-2.2 0H2.2M0 -2.2V2.2" }),
  ];
}
