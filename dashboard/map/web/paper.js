// The map on paper: what the frame shows, made to fit a sheet, with the legend beside it.
import { el } from "../../../geodata/export/web/dom.js";

/** Room for the map on an upright A4 sheet beside the legend, in pixels of 1/96 inch. */
const WIDE = 490;
const HIGH = 600;
/** Room that a row and a heading of the legend take. */
const ROW = 18;
const HEADING = 25;
/** A small screen's map grows on paper by this much at most. */
const MOST = 1.25;

/**
 * Return how much larger or smaller a map is drawn on paper.
 *
 * @param {{ x: number, y: number }} size - of the map on the screen
 */
export const paperScale = ({ x, y }) => Math.min(WIDE / x, HIGH / y, MOST);

/**
 * Prepare the frame for the sheet whenever the page is printed, and clear up afterwards. A browser
 * runs no script while it lays out the sheet, so the map keeps its size in pixels and is scaled.
 *
 * @param {L.Map} map
 * @param {HTMLElement} legend - the rows of the legend
 */
export function onPaper(map, legend) {
  const box = map.getContainer();
  const beside = el("aside", { class: "sr-map sr-beside" });
  let theme = box.dataset.theme;
  addEventListener("beforeprint", () => {
    const size = map.getSize();
    theme = box.dataset.theme;
    box.dataset.theme = "light";
    beside.replaceChildren(...[...legend.childNodes].map((row) => row.cloneNode(true)));
    box.after(beside);
    const scale = paperScale(size);
    const rows = ROW * legend.querySelectorAll("li").length;
    const high = Math.max(size.y * scale, rows + HEADING * legend.querySelectorAll("h3").length);
    /** @type {(of: Document, name: string, value: string) => void} */
    const set = (of, name, value) => of.documentElement.style.setProperty(`--paper-${name}`, value);
    set(document, "wide", `${size.x}px`);
    set(document, "high", `${size.y}px`);
    set(document, "scale", String(scale));
    set(window.parent.document, "frame", `${Math.ceil(high)}px`);
  });
  addEventListener("afterprint", () => {
    beside.remove();
    box.dataset.theme = theme;
  });
}
