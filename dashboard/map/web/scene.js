// One network on its ground: roads, places, events and doubts, painted from the state.
import { CAUSES } from "../../../geodata/export/web/symbols.js";
import { BaseMap } from "./basemap.js";
import { CanvasRoads } from "./canvas_roads.js";
import { Events } from "./events.js";
import { Facilities } from "./facilities.js";
import { Findings } from "./findings.js";
import { Highlights } from "./highlights.js";
import { STATES } from "./network.js";
import { readEvent, rowNumbers } from "./payload.js";
import { Places } from "./places.js";
import { SvgRoads } from "./svg_roads.js";
import { lang, t } from "./texts.js";
import { nodeSpoken, segmentSpoken } from "./tooltips.js";

/** @import { Actions, Change, Layers, MapState, Network, RegionBadge, Roads, SegmentState, TownState } from "./types" */

/** Segments above which roads are drawn on a canvas. */
const LARGE = 2500;
/** @type {("lost" | "gained")[]} */
const CHANGES = ["lost", "gained"];
/** @type {TownState[]} */
const TOWN_STATES = ["detour", "escort_only", "isolated"];

export class Scene {
  /** What was clicked here and not yet answered: painted at once. */
  /** @type {Map<number, { state: SegmentState, n: number }>} */
  local = new Map();
  /** @type {(string | undefined)[]} */
  why = [];
  /** @type {MapState | null} */
  state = null;
  /** @type {Layers} */
  on = {};
  eventKey = "";
  findingKey = "";

  /**
   * @param {L.Map} map
   * @param {Network} network
   * @param {BaseMap} base
   * @param {Actions} actions
   */
  constructor(map, network, base, actions) {
    this.map = map;
    this.network = network;
    this.base = base;
    const Drawing = network.ids.length > LARGE ? CanvasRoads : SvgRoads;
    /** @type {Roads} */
    this.roads = new Drawing(map, network, actions);
    this.places = new Places(map, network, base.airports, actions);
    this.events = new Events(map, actions);
    this.findings = new Findings(map, actions);
    this.highlights = new Highlights(map, network);
    this.facilities = new Facilities(map, actions);
  }

  remove() {
    const { roads, places, events, findings, highlights, facilities } = this;
    for (const part of [roads, places, events, findings, highlights, facilities]) part.remove();
  }

  /** @param {MapState} state */
  show(state) {
    this.state = state;
    for (const [i, { n }] of this.local) if (n <= state.ack) this.local.delete(i);
    this.network.tiles?.name(state.lines ?? []);
    this.paintSegments(state);
    this.paintTowns(state);
    this.roads.setWays(state.way || [], state.former || []);
    this.roads.emphasise(state.corridor);
    this.roads.name(t("roads.name"));
    this.roads.flush();
    this.setEvents(state);
    this.setFindings(state);
    this.highlights.show(state);
    this.facilities.set(state.facilities ?? []);
  }

  /** @param {MapState} state */
  paintSegments(state) {
    const n = this.network.ids.length;
    /** @type {SegmentState[]} */
    const next = new Array(n).fill("open");
    /** @type {Record<number, Change>} */
    const change = {};
    for (const name of STATES) {
      if (name === "open") continue;
      for (const i of rowNumbers(state[name])) next[i] = name;
    }
    for (const [i, local] of this.local) next[i] = local.state;
    for (const kind of CHANGES) for (const i of state.difference?.[kind] ?? []) change[i] = kind;
    this.why = new Array(n);
    for (const [text, rows] of state.why || []) {
      for (const i of rowNumbers(rows)) this.why[i] = text;
    }
    for (let i = 0; i < n; i++) {
      this.roads.paint(i, next[i], state.difference ? change[i] || "same" : undefined);
      if (this.roads.labelled) this.roads.label(i, segmentSpoken(this, i), next[i] === "cut");
    }
  }

  /**
   * Paint a segment that was just clicked, before the server answers.
   *
   * @param {number} i
   * @param {SegmentState} state
   * @param {number} n - of the message
   */
  paintClicked(i, state, n) {
    this.local.set(i, { state, n });
    this.roads.paint(i, state);
    this.roads.flush();
    this.roads.label(i, segmentSpoken(this, i), state === "cut");
  }

  /** @param {MapState} state */
  paintTowns(state) {
    /** @type {Record<number, TownState>} */
    const towns = {};
    /** @type {Record<number, string>} */
    const marks = {};
    for (const name of TOWN_STATES) {
      for (const i of rowNumbers(state.towns?.[name])) towns[i] = name;
    }
    for (const i of rowNumbers(state.towns?.new)) marks[i] = "new";
    /** @type {Record<number, string>} */
    const causes = {};
    for (const cause of CAUSES) {
      for (const i of rowNumbers(state.towns?.[cause])) causes[i] = cause;
    }
    for (const kind of CHANGES) {
      for (const i of state.difference?.towns?.[kind] ?? []) marks[i] = kind;
    }
    this.places.paint(towns, marks, state.chosen, new Set(state.off || []), causes);
    /** @type {Record<number, string>} */
    const fuel = {};
    for (const [word, rows] of Object.entries(state.fuel ?? {})) {
      for (const i of rowNumbers(rows)) fuel[i] = word;
    }
    this.places.setFuel(fuel);
    this.network.nodes.forEach((node, i) => {
      if (node.town || node.supply) this.places.label(i, nodeSpoken(this, i));
    });
  }

  /** @param {MapState} state */
  setEvents(state) {
    const key = JSON.stringify([state.events?.length, state.eventKey, state.regions, lang]);
    if (key === this.eventKey) return;
    this.eventKey = key;
    const events = (state.events || []).map(readEvent);
    const placed = events.filter((event) => !event.region);
    this.events.set(placed, this.badges(state.regions ?? {}));
    this.roads.soon();
  }

  /**
   * @param {Record<string, number>} counts - of events known only to a region, by its name
   */
  badges(counts) {
    /** @type {RegionBadge[]} */
    const badges = [];
    for (const [name, n] of Object.entries(counts)) {
      const region = this.base.regions.find((one) =>
        [one.id, ...Object.values(one.name)].includes(name),
      );
      if (!region) continue;
      const [lat, lon] = region.anchors[0];
      const label = region.name[lang] || name;
      badges.push({ name: label, given: name, n, anchors: region.anchors, lat, lon });
    }
    return badges;
  }

  /** @param {MapState} state */
  setFindings(state) {
    const rows = state.findings ?? [];
    const key = JSON.stringify(rows);
    if (key === this.findingKey) return;
    this.findingKey = key;
    this.findings.set(rows);
    this.roads.soon();
  }

  /** @param {Layers} on */
  setLayers(on) {
    this.on = on;
    this.findings.show(on.findings);
    this.events.show(on.events);
    this.places.show(on);
    this.base.layer.svg.classList.toggle("no-rail", !on.rail);
  }
}
