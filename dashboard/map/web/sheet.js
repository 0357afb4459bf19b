// The sheet that lies over the foot of the map on a phone: what it covers is not in sight.

/** The page's panel, which is a sheet on a narrow screen. */
const PANEL = ".st-key-panel";
/** What holds the map, and what stands above it: when that grows the map sinks under the sheet. */
const PAGE = ".st-key-page";
/** Milliseconds between looks for a panel that the page has not drawn yet, and how many. */
const LOOK = 250;
const LOOKS = 40;

/**
 * Return how many pixels at the foot of a frame lie under a sheet or below the screen.
 *
 * @param {{ top: number, bottom: number }} frame
 * @param {{ top: number }} sheet
 */
export const overlap = (frame, sheet) =>
  Math.min(Math.max(0, frame.bottom - sheet.top), frame.bottom - frame.top);

/** Return a part of the page, if there is a page around this frame.
 *
 * @param {string} part
 */
const find = (part) => window.frameElement?.ownerDocument.querySelector(part);

/** Return how much of the map's foot the page's sheet covers now, in pixels. */
export function covered() {
  const frame = window.frameElement;
  const sheet = find(PANEL);
  if (!frame || !sheet || getComputedStyle(sheet).position !== "fixed") return 0;
  return overlap(frame.getBoundingClientRect(), sheet.getBoundingClientRect());
}

/**
 * Call after the sheet has covered more or less of the map than before: it came, it was raised or
 * lowered, or the map got another place on the page. Scrolling does not count.
 *
 * @param {() => void} changed
 */
export function whenSheetChanges(changed) {
  const view = window.frameElement?.ownerDocument.defaultView;
  if (!view) return;
  let under = covered();
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (covered() === under) return;
      under = covered();
      changed();
    }, 120);
  };
  // The page may draw its panel after the map, or draw another one later.
  const sizes = new view.ResizeObserver(look);
  window.addEventListener("pagehide", () => sizes.disconnect());
  const watch = (/** @type {number} */ left) => {
    const sheet = find(PANEL);
    if (sheet) {
      const page = find(PAGE);
      for (const part of page ? [sheet, page] : [sheet]) sizes.observe(part);
    } else if (left) window.setTimeout(watch, LOOK, left - 1);
  };
  watch(LOOKS);
}
