// The sheet that lies over the foot of the map on a phone: what it covers is not in sight.

/** The page's panel, which is a sheet on a narrow screen. */
const PANEL = ".st-key-panel";

/**
 * Return how many pixels at the foot of a frame lie under a sheet or below the screen.
 *
 * @param {{ top: number, bottom: number }} frame
 * @param {{ top: number }} sheet
 */
export const overlap = (frame, sheet) =>
  Math.min(Math.max(0, frame.bottom - sheet.top), frame.bottom - frame.top);

/** Return how much of the map's foot the page's sheet covers now, in pixels. */
export function covered() {
  const frame = window.frameElement;
  const sheet = frame?.ownerDocument.querySelector(PANEL);
  if (!frame || !sheet || getComputedStyle(sheet).position !== "fixed") return 0;
  return overlap(frame.getBoundingClientRect(), sheet.getBoundingClientRect());
}
