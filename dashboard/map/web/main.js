// What the page's script calls: `window.supplyRoutes`.
import { App } from "./app.js";
import { decodeState } from "./payload.js";

/** @import { Options } from "./types" */

/** Heights of the map's panes, from below. */
const PANES = {
  land: 150,
  tiles: 200,
  highlights: 405,
  roads: 410,
  places: 440,
  events: 460,
  above: 470,
  labels: 500,
};
/** @type {App | null} */
let app = null;

/**
 * Make the map, once for each page.
 *
 * @param {string} id - of the element that holds it
 * @param {Options} options
 */
export function create(id, options) {
  const box = /** @type {HTMLElement} */ (document.getElementById(id));
  box.classList.add("sr-map");
  box.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.classList.add("sr-frame");
  const map = L.map(box, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.75,
    minZoom: 3.5,
    maxZoom: 12,
    wheelPxPerZoomLevel: 90,
    boxZoom: false,
    keyboardPanDelta: 120,
  });
  for (const [name, z] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(z);
    pane.style.pointerEvents = "none";
  }
  // Leaflet focuses the map at the first press. Were the page to scroll then, as it does on a phone
  // whose screen the map overhangs, the press would end beside what it began on and be lost.
  const focus = box.focus.bind(box);
  box.focus = (wish) => focus({ ...wish, preventScroll: true });
  app = new App(map, options);
  return map;
}

/**
 * Show the network whose geometry is at an address.
 *
 * @param {string} url
 */
export function network(url) {
  app?.useNetwork(url);
}

/**
 * Show a state.
 *
 * @param {string} coded - base64, see `payload.js`
 */
export function show(coded) {
  app?.receive(decodeState(coded));
}

/**
 * Return a point of the frame where a click reaches a segment, or null.
 *
 * @param {string} segment
 */
export function pixelOf(segment) {
  const i = app?.network?.index.get(segment);
  return i === undefined ? null : (app?.scene?.roads.pixelOf(i) ?? null);
}

/**
 * Return the state that a segment is drawn in.
 *
 * @param {string} segment
 */
export function stateOf(segment) {
  const i = app?.network?.index.get(segment);
  return i === undefined ? null : (app?.scene?.roads.state[i] ?? null);
}

window.supplyRoutes = { create, network, show, pixelOf, stateOf };
