// The scale bar shared by the map of the page and the exported page.

/** Lengths that a bar may stand for, in km. */
const LENGTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/**
 * Choose the longest round length whose bar is at most `widest` pixels.
 *
 * @param {number} pixelsPerKm
 * @param {number} widest - in pixels
 * @returns {{ km: number, width: number }} the length in km and the bar's width in pixels
 */
export function scaleBar(pixelsPerKm, widest) {
  const fitting = LENGTHS.filter((km) => km * pixelsPerKm <= widest);
  const km = fitting[fitting.length - 1] ?? /** @type {number} */ (LENGTHS[0]);
  return { km, width: km * pixelsPerKm };
}
