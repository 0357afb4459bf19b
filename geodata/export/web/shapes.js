// Outlines of symbols as SVG path data, centred on 0: shared by the page's map and the exported
// page.

/** @typedef {readonly (readonly [number, number])[]} Points */

/** @param {number} r */
export const circle = (r) => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;

/** @param {number} r */
export const cross = (r) => `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`;

/**
 * Return a closed outline through points given for radius 1.
 *
 * @param {Points} points
 * @param {number} r
 */
export function polygon(points, r) {
  const corners = points.map(([x, y]) => `${(x * r).toFixed(2)} ${(y * r).toFixed(2)}`);
  return `M${corners.join("L")}Z`;
}

/**
 * Return a part of a circle, from the top and clockwise.
 *
 * @param {number} r
 * @param {number} share - of the whole circle, 0 to 1
 */
export function arc(r, share) {
  if (share <= 0) return "";
  if (share >= 1) return circle(r);
  const angle = 2 * Math.PI * share;
  const end = `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
  return `M0 ${(-r).toFixed(2)}A${r.toFixed(2)} ${r.toFixed(2)} 0 ${share > 0.5 ? 1 : 0} 1 ${end}`;
}
