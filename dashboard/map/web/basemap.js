// The base map, drawn from our own polygons and lines: no tiles, no other host.
import { svgEl } from "../../../geodata/export/web/dom.js";
import { decodeLine, pathsData, project } from "./geometry.js";
import { Overlay } from "./overlay.js";
import { railwayTip } from "./tooltips.js";

/** @import { Actions, Airport, BaseFile, Frame, Point, Railway } from "./types" */

export class BaseMap {
  /** @type {Record<string, SVGPathElement>} */
  parts = {};
  /** @type {[Railway, SVGPathElement][]} */
  railHits = [];

  /**
   * @param {L.Map} map
   * @param {BaseFile} data
   * @param {Actions} actions
   */
  constructor(map, data, actions) {
    this.map = map;
    this.actions = actions;
    const scale = data.scale;
    /** @type {(list: number[][]) => Float64Array[]} */
    const lines = (list) => list.map((line) => decodeLine(line, scale));
    this.land = lines(data.land);
    this.focus = lines(data.focus);
    this.lakes = data.lakes.map((lake) => ({ ...lake, lines: lines(lake.rings) }));
    /** @type {Record<string, Float64Array[]>} */
    this.lines = {
      coast: lines(data.borders.coast),
      border: lines(data.borders.inter),
      "border focus": lines(data.borders.focus),
      region: lines(data.borders.regions),
    };
    this.rivers = data.rivers.map((river) => ({ ...river, lines: lines(river.lines) }));
    /** @type {Railway[]} */
    this.railways = data.rail.map((part) => ({ ...part, lines: lines(part.lines) }));
    this.rail = this.railways.flatMap((part) => part.lines);
    this.countries = data.countries;
    this.regions = data.regions;
    /** @type {Airport[]} */
    this.airports = data.airports.map((place) => ({ ...place, at: project(place.lat, place.lon) }));
    this.layer = new Overlay("land", (frame) => this.draw(frame));
    this.build();
    this.layer.addTo(map);
  }

  build() {
    const svg = this.layer.svg;
    svg.setAttribute("aria-hidden", "true");
    /** @param {string} name */
    const add = (name) =>
      svg.appendChild(svgEl("path", { class: `b-${name.replace(" ", " b-")}` }));

    for (const name of [
      "shore",
      "land",
      "focus",
      "region",
      "river",
      "lake",
      "coast",
      "border",
      "border focus",
      "rail",
      "rail ties",
      "graticule",
    ]) {
      this.parts[name] = add(name);
    }
    for (const part of this.railways) {
      const hit = svg.appendChild(svgEl("path", { class: "b-rail-hit" }));
      this.railHits.push([part, hit]);
      hit.addEventListener("pointermove", (event) =>
        this.actions.tip(railwayTip(part), event.clientX, event.clientY),
      );
      hit.addEventListener("pointerleave", () => this.actions.leave());
    }
    this.parts.minor = svg.insertBefore(
      svgEl("path", { class: "b-river b-minor" }),
      this.parts.river,
    );
  }

  /** @param {Frame} frame */
  draw(frame) {
    const p = this.parts;
    /** @type {(name: string, d: string) => void} */
    const set = (name, d) => p[name].setAttribute("d", d);
    const land = pathsData(this.land, frame, 0.8, true);
    set("land", land);
    set("shore", pathsData(this.lines.coast, frame));
    set("focus", pathsData(this.focus, frame, 0.8, true));
    set("lake", this.lakes.map((lake) => pathsData(lake.lines, frame, 0.6, true)).join(""));
    for (const name of ["coast", "border", "border focus", "region"]) {
      set(name, pathsData(this.lines[name], frame));
    }
    /** @param {boolean} major */
    const rivers = (major) =>
      this.rivers
        .filter((river) => river.rank <= 2 === major)
        .map((river) => pathsData(river.lines, frame))
        .join("");
    set("river", rivers(true));
    set("minor", rivers(false));
    const rail = pathsData(this.rail, frame, 2);
    set("rail", rail);
    set("rail ties", rail);
    for (const [part, hit] of this.railHits) {
      hit.setAttribute("d", pathsData(part.lines, frame, 3));
    }
    this.graticule(frame);
  }

  /**
   * Parallels and meridians every 5 degrees while the whole country is in view.
   *
   * @param {Frame} frame
   */
  graticule(frame) {
    const low = this.map.getZoom() < 6.6;
    let d = "";
    if (low) {
      const at = this.map.getCenter(),
        fives = (/** @type {number} */ value) => 5 * Math.round(value / 5);
      const [lat0, lon0] = [fives(at.lat), fives(at.lng)];
      const south = Math.max(-80, lat0 - 35),
        north = Math.min(80, lat0 + 35);
      for (let lon = lon0 - 45; lon <= lon0 + 45; lon += 5)
        d += this.arc(
          [
            [south, lon],
            [north, lon],
          ],
          frame,
        );
      for (let lat = south; lat <= north; lat += 5)
        d += this.arc(
          [
            [lat, lon0 - 45],
            [lat, lon0 + 45],
          ],
          frame,
        );
    }
    this.parts.graticule.setAttribute("d", d);
  }

  remove() {
    this.layer.remove();
  }

  /**
   * @param {Point[]} ends
   * @param {Frame} frame
   */
  arc(ends, frame) {
    return ends
      .map(([lat, lon], i) => {
        const [x, y] = project(lat, lon);
        return (
          (i ? "L" : "M") +
          (x * frame.k - frame.x).toFixed(1) +
          " " +
          (y * frame.k - frame.y).toFixed(1)
        );
      })
      .join("");
  }
}
