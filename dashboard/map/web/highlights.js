// What lies under the roads to stress some of them: a cut that is prepared, and outlines of areas.
import { setAttribute, svgEl } from "../../../geodata/export/web/dom.js";
import { circleRing, pathData, pathsData, project } from "./geometry.js";
import { Overlay } from "./overlay.js";

/** @import { Frame, MapState, Network, Outline } from "./types" */

/** A pin whose tip is the place. */
const PIN = "M0 0C-3 -6 -10 -11 -10 -19A10 10 0 1 1 10 -19C10 -11 3 -6 0 0Z";

export class Highlights {
  /** @type {number[]} */
  pending = [];
  /** @type {Float64Array[]} */
  rings = [];
  /** @type {number[]} */
  outs = [];
  /** @type {number[]} */
  ends = [];
  outPath = svgEl("path", { class: "w-out" });
  marks = ["A", "B"].map((letter) =>
    svgEl("g", { class: "w-end gone" }, [
      svgEl("path", { d: PIN }),
      svgEl("text", { y: -15, "text-anchor": "middle", text: letter }),
    ]),
  );
  pendingPath = svgEl("path", { class: "w-pending" });
  areaPath = svgEl("path", { class: "a-area" });

  /**
   * @param {L.Map} map
   * @param {Network} network
   */
  constructor(map, network) {
    this.network = network;
    this.layer = new Overlay("highlights", (frame) => this.draw(frame));
    this.layer.svg.setAttribute("aria-hidden", "true");
    this.layer.svg.append(this.areaPath, this.pendingPath, this.outPath);
    this.layer.addTo(map);
    this.above = new Overlay("above", (frame) => this.drawEnds(frame));
    this.above.svg.setAttribute("aria-hidden", "true");
    this.above.svg.append(...this.marks);
    this.above.addTo(map);
  }

  remove() {
    this.layer.remove();
    this.above.remove();
  }

  /** @param {MapState} state */
  show({ pending, areas, outs, ends }) {
    this.pending = pending ?? [];
    this.outs = outs ?? [];
    this.ends = ends ?? [];
    this.rings = (areas ?? []).flatMap(ringsOf).map(projected);
    this.layer.redraw();
    this.above.redraw();
  }

  /** @param {Frame} frame */
  draw(frame) {
    const lines = this.linesOf(this.pending);
    setAttribute(this.pendingPath, "d", pathsData(lines, frame));
    setAttribute(this.outPath, "d", pathsData(this.linesOf(this.outs), frame));
    const rings = this.rings.map((ring) => pathData(ring, frame, 0.8, true));
    setAttribute(this.areaPath, "d", rings.join(""));
  }

  /**
   * Lines of segments; those of a large network may not have come yet.
   *
   * @param {number[]} rows
   */
  linesOf(rows) {
    return rows.map((i) => this.network.lines[i]).filter(Boolean);
  }

  /** @param {Frame} frame */
  drawEnds({ k, x, y }) {
    this.marks.forEach((mark, place) => {
      const node = this.network.nodes[this.ends[place]];
      mark.classList.toggle("gone", !node);
      if (!node) return;
      const [left, top] = [node.at[0] * k - x, node.at[1] * k - y];
      mark.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
    });
  }
}

/**
 * @param {Outline} outline
 * @returns {[number, number][][]} rings of longitudes and latitudes
 */
function ringsOf(outline) {
  if (typeof outline[0] !== "number") return /** @type {[number, number][][]} */ (outline);
  const [lat, lon, km] = /** @type {number[]} */ (outline);
  return [circleRing(lat, lon, km)];
}

/** @param {[number, number][]} ring */
function projected(ring) {
  return Float64Array.from(ring.flatMap(([lon, lat]) => project(lat, lon)));
}
