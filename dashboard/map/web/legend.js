// Rows of the legend: only what is in view now is explained.
import { FUEL_SHARES } from "../../../geodata/export/web/fuel_ring.js";
import { CAUSES } from "../../../geodata/export/web/symbols.js";
import { eventName } from "./event_names.js";
import { project } from "./geometry.js";
import { STATES } from "./network.js";
import { t } from "./texts.js";

/**
 * @import { Inside, LegendGroup } from "./types"
 * @import { Scene } from "./scene.js"
 */

/** @typedef {LegendGroup[1]} Rows */

const TOWNS = [
  "open",
  "detour",
  "escort_only",
  "isolated new",
  ...CAUSES.map((cause) => `isolated ${cause}`),
  "isolated",
];
const SYMBOLS = [
  "port",
  "port off",
  "depot",
  "depot off",
  "crossing",
  "rail",
  "airport",
  "facility",
];

/**
 * @param {Scene} scene
 * @returns {LegendGroup[]}
 */
export function legendOf(scene) {
  const inside = insideOf(scene.map);
  const [roads, changes] = roadsIn(scene, inside);
  const [towns, marks] = townsIn(scene, inside);
  for (const mark of marks) changes.add(mark);
  /** @type {Rows} */
  const changeRows = [...changes]
    .sort()
    .map((name) => ["difference", name, t(`difference.${name}`)]);
  return [
    ["roads", [...roadRows(roads), ...wayRows(scene), ...changeRows]],
    ["towns", townRows(towns)],
    ["fuel", fuelRows(scene, inside)],
    ["places", [...symbolRows(symbolsIn(scene, inside)), ...findingRows(scene, inside)]],
    ["events", eventRows(scene, inside)],
  ];
}

/**
 * @param {L.Map} map
 * @returns {Inside}
 */
function insideOf(map) {
  const bounds = map.getBounds().pad(0.02);
  const [left, top] = project(bounds.getNorth(), bounds.getWest());
  const [right, bottom] = project(bounds.getSouth(), bounds.getEast());
  return (x, y) => x > left && x < right && y > top && y < bottom;
}

/**
 * @param {Scene} scene
 * @param {Inside} inside
 * @returns {[Set<string>, Set<string>]} states and changes of the roads in view
 */
function roadsIn({ network, roads }, inside) {
  /** @type {Set<string>} */
  const states = new Set();
  /** @type {Set<string>} */
  const changes = new Set();
  network.lines.forEach((line, i) => {
    const state = roads.state[i];
    const change = roads.difference[i];
    if (states.has(state) && !change) return;
    for (let q = 0; q < line.length; q += 2) {
      if (!inside(line[q], line[q + 1])) continue;
      states.add(state);
      if (change && change !== "same") changes.add(change);
      return;
    }
  });
  return [states, changes];
}

/**
 * @param {Scene} scene
 * @param {Inside} inside
 * @returns {[Set<string>, Set<string>]} states and changes of the towns in view
 */
function townsIn({ network, places }, inside) {
  /** @type {Set<string>} */
  const states = new Set();
  /** @type {Set<string>} */
  const changes = new Set();
  network.nodes.forEach((node, i) => {
    if (!node.town || !inside(...node.at)) return;
    const { classList } = places.nodes[i];
    const cause = classList.contains("new") ? "new" : places.causes[i];
    const state = places.states[i] || "open";
    states.add(state === "isolated" && cause ? `isolated ${cause}` : state);
    for (const mark of ["lost", "gained"]) if (classList.contains(mark)) changes.add(mark);
  });
  return [states, changes];
}

/**
 * @param {Scene} scene
 * @param {Inside} inside
 */
function symbolsIn({ network, places, base, on, facilities }, inside) {
  /** @type {Set<string>} */
  const found = new Set();
  network.nodes.forEach((node, i) => {
    if (node.town || !inside(...node.at)) return;
    if (node.supply && on.supply) {
      found.add((node.kind === "port" ? "port" : "depot") + (places.isOff(i) ? " off" : ""));
    } else if (node.kind === "border_crossing" && on.crossings && places.nodes[i]) {
      found.add("crossing");
    }
  });
  if (on.rail && base.rail.some((line) => inside(line[0], line[1]))) found.add("rail");
  if (on.airports && base.airports.some((place) => inside(...place.at))) found.add("airport");
  if (facilities.symbols.some(([, at]) => inside(...at))) found.add("facility");
  return found;
}

/**
 * @param {Set<string>} states
 * @returns {Rows}
 */
function roadRows(states) {
  return STATES.filter((name) => states.has(name)).map((name) => [
    "road",
    name,
    t(`state.${name}`),
  ]);
}

/**
 * @param {Set<string>} states
 * @returns {Rows}
 */
function townRows(states) {
  return TOWNS.filter((name) => states.has(name)).map((name) => [
    "town",
    name,
    t(`town.${name.replace("isolated ", "")}`),
  ]);
}

/**
 * @param {Set<string>} found
 * @returns {Rows}
 */
function symbolRows(found) {
  return SYMBOLS.filter((name) => found.has(name)).map((name) => [
    "symbol",
    name,
    t(`symbol.${name.replace(" ", "_")}`),
  ]);
}

/**
 * @param {Scene} scene
 * @param {Inside} inside
 * @returns {Rows}
 */
function findingRows({ findings }, inside) {
  return findings.weights(inside).map((weight) => ["finding", weight, t(`finding.${weight}`)]);
}

/**
 * Words of the fuel model in view, the likeliest to be short first, then their day and source.
 *
 * @param {Scene} scene
 * @param {Inside} inside
 * @returns {Rows}
 */
function fuelRows({ network, places, on, state }, inside) {
  if (!on.fuel || !state?.fuelNote) return [];
  const seen = new Set(
    network.nodes.map((node, i) => (inside(...node.at) ? places.fuel[i] : undefined)),
  );
  /** @type {Rows} */
  const rows = [...Object.keys(FUEL_SHARES), "silent"]
    .filter((word) => seen.has(word))
    .map((word) => ["fuel", word, t(`fuel.${word}`)]);
  return [...rows, ["note", "", state.fuelNote]];
}

/**
 * @param {Scene} scene
 * @returns {Rows}
 */
function wayRows({ state }) {
  /** @type {Rows} */
  const rows = [];
  if (state?.way?.length) rows.push(["way", "now", t("way.now")]);
  if (state?.former?.length) rows.push(["way", "former", t("way.former")]);
  if (state?.outs?.length) rows.push(["way", "out", t("way.out")]);
  if (state?.pending?.length) rows.push(["way", "pending", t("way.pending")]);
  return rows;
}

/**
 * @param {Scene} scene
 * @param {Inside} inside
 * @returns {Rows}
 */
function eventRows({ events, on }, inside) {
  if (!on.events) return [];
  const seen = events.events.filter((event) => inside(...project(event.lat, event.lon)));
  const types = [...new Set(seen.map((event) => event.type))].sort();
  /** @type {Rows} */
  const rows = types.map((type) => ["event", type, eventName(type)]);
  if (events.regions.some((region) => inside(...project(region.lat, region.lon)))) {
    rows.push(["symbol", "region", t("symbol.region")]);
  }
  return rows;
}
