// Where parts of the page stand, seen from the map's frame.

/** @import { Box } from "./types" */

/**
 * Return the box of each part that is shown.
 *
 * @param {Element} frame - from whose upper left corner pixels are counted
 * @param {Iterable<Element>} parts
 * @returns {Box[]}
 */
export function boxesIn(frame, parts) {
  const { left, top } = frame.getBoundingClientRect();
  return [...parts]
    .map((part) => part.getBoundingClientRect())
    .filter((box) => box.width)
    .map((box) => [box.left - left, box.top - top, box.right - left, box.bottom - top]);
}
