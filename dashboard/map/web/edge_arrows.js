// Supply points out of sight: an arrow at the edge of the map, with the way to each.
import { el } from "../../../geodata/export/web/dom.js";
import { boxesIn } from "./boxes.js";
import { formatNumber, t } from "./texts.js";

/**
 * @import { Box, NetworkNode } from "./types"
 * @import { Scene } from "./scene.js"
 */

/** Room in pixels between the edge of the map and an arrow; height of one. */
const MARGIN = 16;
const HIGH = 26;
/** Half of a symbol: one nearer to the edge is cut off. */
const HALF = 6;
/** Pixels of a letter and of the arrow's head. */
const LETTER = 6.6;
const HEAD = 30;
/** What no arrow may lie over: panels, an open card with its buttons, and towns cut off. */
const KEPT_FREE = ".sr-panel, .sr-credit, .sr-schematic, .leaflet-popup, .town.isolated .body";
/** How often an arrow steps aside for others before it is left out. */
const STEPS = 7;

/**
 * Return where the line from the middle of a frame to a point leaves it.
 *
 * @param {{ x: number, y: number }} size - of the frame
 * @param {{ x: number, y: number }} point
 * @param {number} margin
 * @returns {{ x: number, y: number, angle: number } | null} null if the point is in the frame; the
 *   angle is in degrees, 0 to the right, growing clockwise
 */
export function leavesAt(size, point, margin) {
  const inside =
    point.x >= HALF && point.y >= HALF && point.x <= size.x - HALF && point.y <= size.y - HALF;
  if (inside) return null;
  const [cx, cy] = [size.x / 2, size.y / 2];
  const [dx, dy] = [point.x - cx, point.y - cy];
  const share = Math.min(
    dx ? (cx - margin) / Math.abs(dx) : Infinity,
    dy ? (cy - margin) / Math.abs(dy) : Infinity,
  );
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
  return { x: cx + dx * share, y: cy + dy * share, angle };
}

/**
 * Return where a name has room beside the point where its line leaves the frame: there or, step by
 * step, further along the edge towards the middle.
 *
 * @param {{ x: number, y: number }} size
 * @param {{ x: number, y: number }} at
 * @param {number} width
 * @param {Box[]} taken
 * @returns {Box | null}
 */
export function freePlace(size, at, width, taken) {
  const left = Math.min(Math.max(at.x - width / 2, 4), size.x - width - 4);
  const up = at.y > size.y / 2 ? -1 : 1;
  for (let k = 0; k < STEPS; k++) {
    const top = at.y - HIGH / 2 + up * k * HIGH;
    /** @type {Box} */
    const box = [left, top, left + width, top + HIGH];
    const clear = taken.every(
      (one) => one[2] < box[0] || one[0] > box[2] || one[3] < box[1] || one[1] > box[3],
    );
    if (clear) return box;
  }
  return null;
}

export class EdgeArrows {
  box = el("div", { class: "sr-edge", "aria-hidden": "true" });

  /**
   * @param {L.Map} map
   * @param {HTMLElement} parent
   */
  constructor(map, parent) {
    this.map = map;
    parent.prepend(this.box);
  }

  clear() {
    this.box.replaceChildren();
  }

  /** @param {Scene} scene */
  draw(scene) {
    const size = this.map.getSize();
    const frame = this.map.getContainer();
    const taken = boxesIn(frame, frame.querySelectorAll(KEPT_FREE));
    const arrows = [];
    for (const node of scene.on.supply ? scene.network.nodes : []) {
      if (!node.supply) continue;
      const at = leavesAt(size, this.map.latLngToContainerPoint([node.lat, node.lon]), MARGIN);
      const place = at && freePlace(size, at, HEAD + LETTER * node.name.length, taken);
      if (!place) continue;
      taken.push(place);
      arrows.push(this.arrow(node, at.angle, place));
    }
    this.box.replaceChildren(...arrows);
  }

  /**
   * @param {NetworkNode} node
   * @param {number} angle
   * @param {Box} place
   */
  arrow(node, angle, [left, top, right]) {
    const metres = this.map.distance(this.map.getCenter(), [node.lat, node.lon]);
    const title = t("edge", { name: node.name, km: formatNumber(Math.round(metres / 10000) * 10) });
    const head = el("span", { class: "sr-edge-head", text: "➤" });
    head.style.transform = `rotate(${angle.toFixed(0)}deg)`;
    const side = Math.abs(angle) < 90 && left > this.map.getSize().x / 2 ? "right" : "";
    const arrow = el("div", { class: `sr-edge-arrow ${side}`, title }, [
      head,
      el("span", { text: node.name }),
    ]);
    arrow.style.left = `${left.toFixed(0)}px`;
    arrow.style.top = `${top.toFixed(0)}px`;
    arrow.style.width = `${(right - left).toFixed(0)}px`;
    arrow.addEventListener("click", () => this.map.panTo([node.lat, node.lon]));
    return arrow;
  }
}
