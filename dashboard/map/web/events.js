// Reported events: a symbol by type, paler with age, gathered where they crowd.
import { svgEl } from "../../../geodata/export/web/dom.js";
import { eventFamily, eventGlyph } from "../../../geodata/export/web/symbols.js";
import { eventName } from "./event_names.js";
import { frameOf, project, ring } from "./geometry.js";
import { Overlay } from "./overlay.js";
import { oneStop, rove } from "./roving.js";
import { t } from "./texts.js";

/** @import { Actions, MapEvent, PlacedEvent, Point, RegionBadge } from "./types" */

/** Zoom below which events step back behind roads and towns. */
const QUIET = 7;

/**
 * @param {MapEvent} event
 * @returns {event is PlacedEvent}
 */
const isPlaced = (event) => Number.isFinite(event.lat) && Number.isFinite(event.lon);

/** @param {number[]} rows */
const keyOf = (rows) => [...rows].sort((a, b) => a - b).join(" ");

export class Events {
  /** @type {PlacedEvent[]} */
  events = [];
  /** @type {RegionBadge[]} */
  regions = [];
  /** @type {[number, number, number][]} */
  spots = [];
  /** @type {any} */
  index = null;
  visible = true;
  /** Events that stand spread around their common place, by their ids. */
  fanned = "";

  /**
   * @param {L.Map} map
   * @param {Actions} actions
   */
  constructor(map, actions) {
    this.map = map;
    this.actions = actions;
    this.events = [];
    this.regions = [];
    this.spots = [];
    this.visible = true;
    this.layer = new Overlay("events", () => this.draw());
    this.group = this.layer.svg.appendChild(svgEl("g", { role: "group" }));
    rove(this.group);
    this.layer.addTo(map);
    map.on("moveend", () => this.draw());
    map.on("click zoomstart", () => this.gather());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.gather();
    });
  }

  /**
   * @param {MapEvent[]} events
   * @param {RegionBadge[]} regions
   */
  set(events, regions) {
    this.events = events.filter(isPlaced);
    this.regions = regions;
    this.index = new Supercluster({
      radius: 52,
      maxZoom: 10,
      minPoints: 2,
      map: (event) => ({ [event.family]: 1 }),
      reduce: (sum, one) => {
        for (const key in one) sum[key] = (sum[key] || 0) + one[key];
      },
    });
    this.index.load(
      this.events.map((event, i) => ({
        type: "Feature",
        properties: { i, family: eventFamily(event.type) },
        geometry: { type: "Point", coordinates: [event.lon, event.lat] },
      })),
    );
    this.draw();
  }

  /** @param {boolean} on */
  show(on) {
    this.visible = on;
    this.group.classList.toggle("gone", !on);
  }

  draw() {
    if (!this.index || !this.map._loaded) return;
    const held = document.activeElement?.getAttribute("data-event");
    const bounds = this.map.getBounds().pad(0.15),
      frame = frameOf(this.map);
    const zoom = Math.round(this.map.getZoom());
    const clusters = this.index.getClusters(
      [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      zoom,
    );
    this.spots = [];
    /** @type {(lat: number, lon: number) => Point} */
    const at = (lat, lon) => {
      const [x, y] = project(lat, lon);
      return [x * frame.k - frame.x, y * frame.k - frame.y];
    };
    const nodes = clusters.flatMap((/** @type {any} */ found) => {
      const [lon, lat] = found.geometry.coordinates;
      const apart = this.fanned ? this.spread(found, at(lat, lon)) : [];
      if (apart.length) return apart;
      const node = found.properties.cluster
        ? this.cluster(found, zoom)
        : this.single(found.properties.i);
      return this.pin(node, at(lat, lon));
    });
    for (const region of this.regions) {
      const [x, y] = this.clear(region, at);
      this.spots.push([x, y, 16]);
      nodes.push(this.badge(region, `translate(${x.toFixed(1)} ${y.toFixed(1)})`));
    }
    this.group.replaceChildren(...nodes);
    oneStop(this.group);
    this.group.classList.toggle("quiet", this.map.getZoom() < QUIET);
    if (held) {
      /** @type {SVGElement | null} */
      const again = this.group.querySelector(`[data-event="${CSS.escape(held)}"]`);
      if (again) again.focus({ preventScroll: true });
      else this.focusFanned();
    }
  }

  focusFanned() {
    /** @type {SVGElement | null} */
    const first = this.group.querySelector(".fanned");
    first?.focus({ preventScroll: true });
  }

  /** Put events that stand spread back together. */
  gather() {
    if (!this.fanned) return;
    this.fanned = "";
    this.draw();
  }

  /** @param {any} found */
  leaves(found) {
    return this.index.getLeaves(found.id, 200).map((/** @type {any} */ leaf) => leaf.properties.i);
  }

  /**
   * The events of a cluster around their common place, each on a stem of its own; none where
   * the cluster is another one.
   *
   * @param {any} found
   * @param {Point} at
   */
  spread(found, [x, y]) {
    if (!found.properties.cluster) return [];
    /** @type {number[]} */
    const rows = this.leaves(found);
    if (keyOf(rows) !== this.fanned) return [];
    return ring(rows.length).map(([dx, dy], n) => {
      const node = this.single(rows[n]);
      node.classList.add("fanned");
      node.prepend(svgEl("path", { class: "stem", d: `M${-dx} ${-dy}L0 0` }));
      node.setAttribute("transform", `translate(${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)})`);
      this.spots.push([x + dx, y + dy, 10]);
      return node;
    });
  }

  /**
   * The roomiest place of a region that is not under other symbols.
   *
   * @param {RegionBadge} region
   * @param {(lat: number, lon: number) => Point} at
   */
  clear(region, at) {
    const places = region.anchors.map(([lat, lon]) => ({ lat, lon, at: at(lat, lon) }));
    const room = (/** @type {{ at: Point }} */ { at: [x, y] }) =>
      Math.min(34, ...this.spots.map(([sx, sy]) => Math.hypot(x - sx, y - sy)));
    const best = places.reduce((a, b) => (room(b) > room(a) + 4 ? b : a));
    Object.assign(region, { lat: best.lat, lon: best.lon });
    return best.at;
  }

  /**
   * A symbol stands on a stem above its place, so that the town and its roads stay free.
   *
   * @param {SVGGElement} node
   * @param {Point} at
   */
  pin(node, [x, y]) {
    const small = this.map.getZoom() < 5.6 ? 0.84 : 1,
      lift = Number(node.getAttribute("data-lift"));
    this.spots.push([x, y - lift, lift - 10]);
    node.prepend(svgEl("path", { class: "stem", d: `M0 ${lift}V0` }));
    node.setAttribute(
      "transform",
      `translate(${x.toFixed(1)} ${(y - lift * small).toFixed(1)}) scale(${small})`,
    );
    return node;
  }

  /** @param {number} i */
  single(i) {
    const event = this.events[i];
    const fade = Math.max(0.45, 1 - Math.max(0, event.age || 0) / 90);
    const label = t("event.label", { type: eventName(event.type), date: event.date || "" });
    const node = svgEl(
      "g",
      {
        class: `event ${eventFamily(event.type)}`,
        tabindex: -1,
        role: "button",
        "aria-label": label,
        "data-event": `e${event.id}`,
        style: `opacity:${fade.toFixed(2)}`,
        "data-lift": 20,
      },
      [svgEl("circle", { r: 8.5 }), svgEl("path", { d: eventGlyph(event.type) })],
    );
    return this.live(node, label, () => this.actions.open([event]));
  }

  /**
   * @param {any} found
   * @param {number} zoom
   */
  cluster(found, zoom) {
    const count = found.properties.point_count,
      r = 7.5 + Math.min(8, Math.sqrt(count) * 1.1);
    const label = t("event.many", { n: count });
    const node = svgEl(
      "g",
      {
        class: "event cluster",
        tabindex: -1,
        role: "button",
        "aria-label": label,
        "data-event": `c${found.id}`,
        "data-lift": r + 12,
      },
      [
        svgEl("circle", { r: r + 2.5, class: "back" }),
        ...this.arcs(found.properties, r),
        svgEl("text", { "text-anchor": "middle", dy: "0.35em", text: count }),
      ],
    );
    return this.live(node, label, () => {
      const rows = this.leaves(found);
      const ids = rows.map((/** @type {number} */ i) => this.events[i]);
      const next = this.index.getClusterExpansionZoom(found.id);
      const [lon, lat] = found.geometry.coordinates;
      if (next > 9 || next <= zoom || ids.length <= 4) {
        this.fanned = keyOf(rows);
        this.draw();
        this.actions.open(ids);
      } else this.map.flyTo([lat, lon], Math.min(next, this.map.getMaxZoom()), { duration: 0.45 });
    });
  }

  /**
   * A ring whose arcs tell how many events of each family are gathered.
   *
   * @param {Record<string, number>} properties
   * @param {number} r
   */
  arcs(properties, r) {
    const families = ["harm", "bar", "ease", "rule"].filter((name) => properties[name]);
    const total = families.reduce((sum, name) => sum + properties[name], 0),
      round = 2 * Math.PI * r;
    let gone = 0;
    return families.map((name) => {
      const share = properties[name] / total;
      const arc = svgEl("circle", {
        r,
        class: `arc ${name}`,
        "stroke-dasharray": `${(share * round).toFixed(2)} ${round.toFixed(2)}`,
        transform: `rotate(${(gone * 360 - 90).toFixed(1)})`,
      });
      gone += share;
      return arc;
    });
  }

  /**
   * @param {RegionBadge} region
   * @param {string} transform
   */
  badge(region, transform) {
    const label = t("event.region", { n: region.n, region: region.name });
    const text = String(region.n),
      width = 24 + text.length * 7;
    const node = svgEl(
      "g",
      {
        class: "event region",
        transform,
        tabindex: -1,
        role: "button",
        "aria-label": label,
        "data-event": `r${region.name}`,
      },
      [
        svgEl("rect", { x: -width / 2, y: -9.5, width, height: 19, rx: 9.5 }),
        svgEl("path", {
          d: `M${-width / 2 + 7} -3.5h7M${-width / 2 + 7} 0h7M${-width / 2 + 7} 3.5h4.5`,
        }),
        svgEl("text", { x: 8, "text-anchor": "middle", dy: "0.35em", text }),
      ],
    );
    return this.live(node, label, () => this.actions.region(region));
  }

  /**
   * @param {SVGGElement} node
   * @param {string} label
   * @param {() => void} act
   */
  live(node, label, act) {
    const fire = (/** @type {MouseEvent | KeyboardEvent} */ event) => {
      L.DomEvent.stop(event);
      if (!this.map.dragging.moved() || event.type === "keydown") act();
    };
    node.addEventListener("click", fire);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") fire(event);
    });
    node.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") this.actions.tip(label, event.clientX, event.clientY);
    });
    node.addEventListener("pointerleave", () => this.actions.leave());
    return node;
  }

  remove() {
    this.layer.remove();
  }
}
