// What the page lays over the map: controls over its head, on a phone a sheet over its foot. What
// they cover is not in sight.

import { boxesIn } from "./boxes.js";

/** @import { Box } from "./types" */

/** Controls over the head of the map. */
const CONTROLS = ".st-key-controls > *";

/** The page's panel, which is a sheet on a narrow screen. */
const PANEL = ".st-key-panel";
/** What holds the map, and what stands above it: when that grows the map sinks under the sheet. */
const PAGE = ".st-key-page";
/** Milliseconds between looks for a part that the page has not drawn yet, and how many. */
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

/** Scroll the page so that no more than the sheet lies over the map, if that lies there. */
export function makeRoom() {
  if (covered()) window.frameElement?.scrollIntoView({ block: "start" });
}

/**
 * Return where the page's controls lie over the map.
 *
 * @returns {Box[]} in pixels of the frame
 */
export function controlBoxes() {
  const frame = window.frameElement;
  return frame ? boxesIn(frame, frame.ownerDocument.querySelectorAll(CONTROLS)) : [];
}

/** Return how many pixels at the head of the map lie beside or under the page's controls. */
export const headRoom = () => Math.max(0, ...controlBoxes().map(([, , , bottom]) => bottom));

/**
 * Call when the page has drawn its controls over the map, and when one of them gets another size.
 *
 * @param {() => void} changed
 */
export function whenControlsChange(changed) {
  const page = window.frameElement?.ownerDocument;
  if (!page?.defaultView) return;
  const watched = new WeakSet();
  const look = () => {
    for (const part of page.querySelectorAll(`${CONTROLS}, :has(> ${CONTROLS})`)) {
      if (watched.has(part)) continue;
      watched.add(part);
      sizes.observe(part);
    }
  };
  // A control that comes later makes the row of all of them larger.
  const sizes = new page.defaultView.ResizeObserver(() => {
    look();
    changed();
  });
  window.addEventListener("pagehide", () => sizes.disconnect());
  whenDrawn(CONTROLS, look);
}

/**
 * Call once the page has drawn a part, which may be after the map.
 *
 * @param {string} selector
 * @param {(part: Element) => void} then
 */
function whenDrawn(selector, then) {
  const look = (/** @type {number} */ left) => {
    const part = find(selector);
    if (part) then(part);
    else if (left) window.setTimeout(look, LOOK, left - 1);
  };
  if (window.frameElement) look(LOOKS);
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
  const sizes = new view.ResizeObserver(look);
  window.addEventListener("pagehide", () => sizes.disconnect());
  whenDrawn(PANEL, (sheet) => {
    const page = find(PAGE);
    for (const part of page ? [sheet, page] : [sheet]) sizes.observe(part);
  });
}
