// What lies under the roads to stress some of them: a cut that is prepared, and outlines of areas.
import { setAttribute, svgEl } from "../../../geodata/export/web/dom.js";
import { circleRing, pathData, pathsData, project } from "./geometry.js";
import { Overlay } from "./overlay.js";

/** @import { Frame, MapState, Network, Outline } from "./types" */

export class Highlights {
  /** @type {number[]} */
  pending = [];
  /** @type {Float64Array[]} */
  rings = [];
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
    this.layer.svg.append(this.areaPath, this.pendingPath);
    this.layer.addTo(map);
  }

  remove() {
    this.layer.remove();
  }

  /** @param {MapState} state */
  show({ pending, areas }) {
    this.pending = pending ?? [];
    this.rings = (areas ?? []).flatMap(ringsOf).map(projected);
    this.layer.redraw();
  }

  /** @param {Frame} frame */
  draw(frame) {
    const lines = this.pending.map((i) => this.network.lines[i]);
    setAttribute(this.pendingPath, "d", pathsData(lines, frame));
    const rings = this.rings.map((ring) => pathData(ring, frame, 0.8, true));
    setAttribute(this.areaPath, "d", rings.join(""));
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
