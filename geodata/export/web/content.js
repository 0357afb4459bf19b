// What the exported page shows: the JSON block that `geodata/export/html/page.py` writes.
import { el } from "./dom.js";

/** @import { View } from "./types" */

/** @type {View} */
export const view = JSON.parse(document.getElementById("view")?.textContent ?? "{}");
export const { words } = view;

/**
 * @param {string} text
 * @param {string} label
 * @param {() => void} act
 */
export function button(text, label, act) {
  const node = el("button", { type: "button", "aria-label": label, title: label }, text);
  node.addEventListener("click", act);
  return node;
}
