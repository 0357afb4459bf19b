// One stop of the Tab key for a group of symbols; the arrow keys lead from one to the next.
import { arrowNeighbour } from "./geometry.js";

/** @param {Element} group */
const symbolsOf = (group) =>
  /** @type {SVGElement[]} */ ([...group.querySelectorAll('[role="button"]')]);

/**
 * Make a group one stop. Its symbols may change; call `oneStop` after that.
 *
 * @param {SVGGElement} group - of elements with the role button
 */
export function rove(group) {
  noStop(group);
  group.addEventListener("focusin", (event) => {
    const symbol = /** @type {Element} */ (event.target).closest('[role="button"]');
    for (const other of symbolsOf(group)) other.setAttribute("tabindex", "-1");
    symbol?.setAttribute("tabindex", "0");
  });
  group.addEventListener("keydown", (event) => {
    const symbols = symbolsOf(group);
    const from = symbols.indexOf(/** @type {SVGElement} */ (event.target));
    const next = arrowNeighbour(symbols.map(centre), from, event.key);
    if (next === null) return;
    L.DomEvent.stop(event);
    if (next >= 0) symbols[next].focus({ preventScroll: true });
  });
}

/**
 * Keep a group that listens for the focus of its parts from being a stop of the Tab key itself.
 *
 * @param {SVGGElement} group
 */
export function noStop(group) {
  group.setAttribute("tabindex", "-1");
}

/**
 * Let Tab reach exactly one symbol of a group: the one it reached before, or the first.
 *
 * @param {SVGGElement} group
 */
export function oneStop(group) {
  const symbols = symbolsOf(group);
  const stop = symbols.find((symbol) => symbol.getAttribute("tabindex") === "0") ?? symbols[0];
  for (const symbol of symbols) symbol.setAttribute("tabindex", symbol === stop ? "0" : "-1");
}

/**
 * @param {Element} symbol
 * @returns {[number, number]}
 */
function centre(symbol) {
  const box = symbol.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}
