// The ring round a town that tells the probability of a fuel shortage: shared by the page's map and
// the exported page.
import { svgEl } from "./dom.js";
import { arc, circle } from "./shapes.js";

/** How much of its ring is drawn for each word of the fuel model: the more, the likelier short. */
/** @type {Record<string, number>} */
export const FUEL_SHARES = {
  short: 1,
  probably_short: 0.75,
  unknown: 0.5,
  probably_supplied: 0.25,
  supplied: 0,
};

/**
 * Draw the ring of a town's fuel: length of the dark part, not colour, tells the probability.
 *
 * @param {string} word
 * @param {number} r
 */
export function fuelRing(word, r) {
  const share = FUEL_SHARES[word];
  const kind = share === undefined ? "fuel silent" : "fuel";
  return svgEl("g", { class: kind, "data-fuel": word }, [
    svgEl("path", { class: "ground", d: circle(r) }),
    svgEl("path", { class: "track", d: circle(r) }),
    svgEl("path", { class: "part", d: arc(r, share ?? 0) }),
  ]);
}
