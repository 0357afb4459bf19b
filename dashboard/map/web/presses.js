// What a press on a road does: with Shift, or where several are to be cut, it marks the road; where
// roads are only looked at, it tells the server; where they are changed, a mouse or key changes the
// road at once and a finger asks first.
import { el } from "../../../geodata/export/web/dom.js";
import { makeRoom } from "./sheet.js";
import { t } from "./texts.js";
import { segmentTip } from "./tooltips.js";

/**
 * @import { Press } from "./types"
 * @import { App } from "./app.js"
 * @import { Scene } from "./scene.js"
 */

/**
 * A finger has no hover: before it changes a road, its tap tells what the road is and a button
 * there changes it.
 *
 * @param {App} app
 * @param {Scene} scene
 * @param {number} i
 * @param {Press} event
 */
export function pressSegment(app, scene, i, event) {
  if (event.shiftKey || scene.state?.mark) app.ask("mark", scene.network.ids[i]);
  else if (scene.state?.look) app.ask("segment", scene.network.ids[i]);
  else if (touched(app, event)) offer(app, scene, i, event);
  else app.toggle(scene, i, event);
}

/**
 * @param {App} app
 * @param {Scene} scene
 * @param {number} i
 * @param {Press} event
 */
function offer(app, scene, i, event) {
  const shut = ["cut", "closed"].includes(scene.roads.state[i]);
  const text = t(shut ? "act.reopen_road" : "act.cut_road");
  const onclick = () => {
    app.map.closePopup();
    app.toggle(scene, i);
  };
  const button = el("button", { type: "button", class: "sr-do", text, onclick });
  const card = el("div", { class: "sr-card sr-road" }, segmentTip(scene, i, app.effectOf(i)));
  app.askEffect(i);
  card.querySelector(".sr-act")?.replaceWith(button);
  const at = app.map.mouseEventToLatLng(/** @type {MouseEvent} */ (event));
  makeRoom();
  app.openCard(card, { lat: at.lat, lon: at.lng });
}

/**
 * @param {App} app
 * @param {Press} event
 */
function touched(app, event) {
  if (event.type !== "click" || event.detail === 0) return false;
  const pointer = /** @type {PointerEvent} */ (event).pointerType;
  return (pointer || app.controls.lastPointer) === "touch";
}
