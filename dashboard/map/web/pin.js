// The pin of an event that is being entered, and the click that says where it happened.
import { CanvasRoads } from "./canvas_roads.js";

/** @import { App } from "./app.js" */

/**
 * Tell where the ground was clicked, while a place is asked for. Roads and symbols answer their
 * own clicks; a road on a canvas gets the map's.
 *
 * @param {App} app
 * @param {L.LeafletMouseEvent} event
 */
export function tellPoint(app, { latlng, containerPoint }) {
  const roads = app.scene?.roads;
  if (!app.state?.placing) return;
  if (roads instanceof CanvasRoads && roads.at(containerPoint) >= 0) return;
  const [lat, lon] = [Number(latlng.lat.toFixed(4)), Number(latlng.lng.toFixed(4))];
  setPin(app, [lat, lon]);
  app.messages.send("point", "", { lat, lon, zoom: app.map.getZoom() });
}

/**
 * @param {App} app
 * @param {[number, number] | undefined} at - latitude and longitude of the pin
 */
export function setPin(app, at) {
  if (!at) {
    app.pin?.remove();
    app.pin = null;
    return;
  }
  const icon = L.divIcon({ className: "sr-pin", iconSize: [24, 32], iconAnchor: [12, 31] });
  app.pin ??= L.marker(at, { icon, interactive: false, keyboard: false, pane: "above" });
  app.pin.setLatLng(at).addTo(app.map);
}
