// What a press on a road or a supply point does: a mouse or key acts, a finger asks first.
import { el } from "../../../geodata/export/web/dom.js";
import { t } from "./texts.js";
import { nodeTip, segmentTip } from "./tooltips.js";

/**
 * @import { Press } from "./types"
 * @import { App } from "./app.js"
 * @import { Scene } from "./scene.js"
 */

/**
 * A finger has no hover: its tap only tells what a thing is, and a button there acts on it.
 * While the page looks at things and changes none, it opens the road's card and nothing is painted.
 *
 * @param {App} app
 * @param {Scene} scene
 * @param {number} i
 * @param {Press} event
 */
export function pressSegment(app, scene, i, event) {
  if (scene.state?.look) {
    app.leave();
    app.messages.send("segment", scene.network.ids[i]);
    return;
  }
  if (!touched(app, event)) {
    app.toggle(scene, i, event);
    return;
  }
  const shut = ["cut", "closed"].includes(scene.roads.state[i]);
  const name = shut ? "act.reopen_road" : "act.cut_road";
  offer(app, segmentTip(scene, i), name, () => app.toggle(scene, i), event);
}

/**
 * @param {App} app
 * @param {Scene} scene
 * @param {number} i
 * @param {Press} event
 */
export function pressSupply(app, scene, i, event) {
  const act = () => app.messages.send("supply", scene.network.nodes[i].id);
  if (scene.state?.look || !touched(app, event)) {
    act();
    return;
  }
  const off = scene.places.isOff(i);
  const name = off ? "act.supply_on_button" : "act.supply_off_button";
  offer(app, nodeTip(scene, i), name, act, event);
}

/**
 * @param {App} app
 * @param {HTMLElement[]} tip
 * @param {string} name - of the button's text
 * @param {() => void} act
 * @param {Press} event
 */
function offer(app, tip, name, act, event) {
  const onclick = () => {
    app.map.closePopup();
    act();
  };
  const button = el("button", { type: "button", class: "sr-do", text: t(name), onclick });
  const card = el("div", { class: "sr-card sr-road" }, tip);
  card.querySelector(".sr-act")?.replaceWith(button);
  const at = app.map.mouseEventToLatLng(/** @type {MouseEvent} */ (event));
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
