// Symbols of towns and places.
import { circle, cross, polygon } from "../../../geodata/export/web/shapes.js";

/** @import { TownState } from "./types" */

/** @type {Record<TownState, (r: number) => string>} */
export const townShape = {
  open: circle,
  detour: (r) =>
    polygon(
      [
        [0, -1.35],
        [1.35, 0],
        [0, 1.35],
        [-1.35, 0],
      ],
      r,
    ),
  escort_only: (r) =>
    polygon(
      [
        [0, -1.3],
        [1.2, -0.75],
        [1.05, 0.55],
        [0, 1.35],
        [-1.05, 0.55],
        [-1.2, -0.75],
      ],
      r,
    ),
  isolated: (r) =>
    polygon(
      [
        [-1.05, -1.05],
        [1.05, -1.05],
        [1.05, 1.05],
        [-1.05, 1.05],
      ],
      r,
    ),
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

// Glyphs on a 16 x 16 grid, centred on 0.
export const GLYPHS = {
  port: "M0 -4.4a1.5 1.5 0 1 0 .01 0M0 -1.6V4.4M-2.4 -.4H2.4M-4 1.2C-3.6 3.4 -1.8 4.4 0 4.4S3.6 3.4 4 1.2",
  depot:
    "M-3.2 4V-3.4Q-3.2 -4 -2.6 -4H.8Q1.4 -4 1.4 -3.4V4M-4 4H2.2M-1.9 -2.4H.1V-.6H-1.9ZM1.4 -1H2.6" +
    "Q3.3 -1 3.3 -.3V2.2Q3.3 3 4 3T4.6 2.2V-1.6L3.2 -3",
  airport:
    "M0 -5.2C.8 -5.2 .9 -3.6 .9 -2.2L5 .6V1.9L.9 .8L.7 3.4L2.1 4.5V5.4L0 4.8L-2.1 5.4V4.5L-.7 3.4" +
    "L-.9 .8L-5 1.9V.6L-.9 -2.2C-.9 -3.6 -.8 -5.2 0 -5.2Z",
};
