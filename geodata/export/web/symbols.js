// Outlines of towns, signs in them and glyphs of events and places: shared by the page's map and the exported page.

import looks from "./looks.json" with { type: "json" };
import { circle, cross, polygon } from "./shapes.js";

/** @import { Points } from "./shapes.js" */

/**
 * @param {"detour" | "escort_only" | "isolated"} state
 * @returns {(r: number) => string}
 */
function outline(state) {
  const points = /** @type {Points} */ (/** @type {unknown} */ (looks.towns[state]));
  return (r) => polygon(points, r);
}

export const townShape = {
  open: circle,
  detour: outline("detour"),
  escort_only: outline("escort_only"),
  isolated: outline("isolated"),
};

/** Causes of isolation other than closures, which have a cross. */
export const CAUSES = ["season", "supply", "vehicle"];

/**
 * Return the sign in the symbol of an isolated town: what isolates it.
 *
 * @param {string | undefined} cause
 * @param {number} r - radius of the sign
 */
export function isolatedSign(cause, r) {
  const at = (/** @type {number} */ value) => (value * r).toFixed(2);
  // Falling rain, an empty ring, a bar for no entry.
  if (cause === "season") {
    const drop = (/** @type {number} */ x) => `M${at(x + 0.35)} ${at(-1)}L${at(x - 0.35)} ${at(1)}`;
    return drop(-0.9) + drop(0) + drop(0.9);
  }
  if (cause === "supply") return circle(r);
  if (cause === "vehicle") return `M${at(-1.2)} 0H${at(1.2)}`;
  return cross(r);
}

/** @type {Record<string, string[]>} */
const events = looks.events;

/**
 * Return the family of an event's type, which gives its colour.
 *
 * @param {string} type
 */
export const eventFamily = (type) => (events[type] ?? events.other)[0];

/**
 * Return the glyph of an event's type, on a grid of 16 by 16 centred on 0.
 *
 * @param {string} type
 */
export const eventGlyph = (type) => (events[type] ?? events.other)[1];

/** Glyphs of places, on the same grid. */
export const placeGlyphs = looks.places;
