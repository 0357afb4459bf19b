// Drawing an area: press and drag for a circle, click corner by corner for a polygon.
import { el } from "../../../geodata/export/web/dom.js";
import { t } from "./texts.js";

/** @typedef {{ circle: [number, number, number] } | { shape: Polygon }} Drawn - longitude, latitude, km */
/** @typedef {{ type: "Polygon", coordinates: [number, number][][] }} Polygon */

const LOOK = { className: "sr-sketch", interactive: false, pane: "above" };
/** Pixels that a pointer moves before a press becomes a circle. */
const DRAG = 8;
/** Pixels around the first corner in which a click closes the polygon. */
const CLOSES = { mouse: 10, touch: 24 };

/**
 * Return corners as a closed polygon.
 *
 * @param {{ lat: number, lng: number }[]} corners
 * @returns {Polygon}
 */
export function cornersPolygon(corners) {
  const ring = corners.map(({ lat, lng }) => rounded(lng, lat));
  return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
}

/**
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]}
 */
function rounded(lon, lat) {
  return [Number(lon.toFixed(4)), Number(lat.toFixed(4))];
}

export class AreaDrawing {
  on = false;
  /** @type {L.LatLng | null} */
  pressed = null;
  /** @type {Set<number>} */
  pointers = new Set();
  /** @type {L.LatLng[]} */
  corners = [];
  /** @type {L.Path | null} */
  sketch = null;
  how = el("span");
  finishButton = el("button", { type: "button", onclick: () => this.finish() });
  stopButton = el("button", { type: "button", onclick: () => this.report.stopped() });
  bar = el("div", { class: "sr-panel sr-drawbar", role: "status" });

  /**
   * @param {L.Map} map
   * @param {HTMLElement} controls - where the bar with the hint and the buttons goes
   * @param {{ done: (drawn: Drawn) => void, stopped: () => void }} report
   */
  constructor(map, controls, report) {
    this.map = map;
    this.report = report;
    this.bar.append(this.how, this.finishButton, this.stopButton);
    this.bar.hidden = true;
    controls.append(this.bar);
    this.listen(map.getContainer());
  }

  /** @param {HTMLElement} box */
  listen(box) {
    const mine = (/** @type {Event} */ event) =>
      this.on && !(event.target instanceof Element && event.target.closest(".sr-panel"));
    /** @type {(name: string, act: (event: PointerEvent) => void) => void} */
    const take = (name, act) => {
      box.addEventListener(
        name,
        (event) => {
          if (!mine(event)) return;
          event.stopPropagation();
          act(/** @type {PointerEvent} */ (event));
        },
        { capture: true },
      );
    };
    take("pointerdown", (event) => this.press(event));
    take("pointermove", (event) => this.move(event));
    take("pointerup", (event) => this.release(event));
    take("pointercancel", (event) => this.lift(event));
    for (const name of ["mousedown", "click", "dblclick", "contextmenu"]) {
      take(name, (event) => event.preventDefault());
    }
    take("pointerover", () => {});
    box.addEventListener("keydown", (event) => {
      if (!this.on) return;
      if (event.key === "Escape") this.report.stopped();
      else if (event.key === "Enter" && this.corners.length > 2) this.finish();
    });
  }

  /**
   * Draw or stop drawing, as the server says.
   *
   * @param {boolean} on
   */
  follow(on) {
    this.how.textContent = t("draw.how");
    this.finishButton.textContent = t("draw.finish");
    this.stopButton.textContent = t("draw.stop");
    if (on === this.on) return;
    this.on = on;
    this.clear();
    this.bar.hidden = !on;
    const coarse = window.matchMedia("(pointer: coarse)").matches;
    if (on) this.map.dragging.disable();
    else if (!coarse) this.map.dragging.enable();
    this.map.doubleClickZoom[on ? "disable" : "enable"]();
    this.map.getContainer().classList.toggle("sr-drawing", on);
  }

  clear() {
    this.sketch?.remove();
    this.sketch = null;
    this.pressed = null;
    this.pointers.clear();
    this.corners = [];
    this.finishButton.hidden = true;
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.pointers.add(event.pointerId);
    // A second finger moves or zooms the map.
    this.pressed = this.pointers.size > 1 ? null : this.map.mouseEventToLatLng(event);
  }

  /** @param {PointerEvent} event */
  lift(event) {
    this.pointers.delete(event.pointerId);
    if (this.corners.length === 0) this.sketch?.remove();
    this.pressed = null;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const at = this.map.mouseEventToLatLng(event);
    if (this.corners.length > 0) this.draw(L.polygon([...this.corners, at], LOOK));
    else if (this.pressed && this.pointers.size === 1) {
      this.draw(L.circle(this.pressed, { ...LOOK, radius: this.pressed.distanceTo(at) }));
    }
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { pressed } = this;
    const at = this.map.mouseEventToLatLng(event);
    this.pointers.delete(event.pointerId);
    this.pressed = null;
    if (!pressed) return;
    if (this.corners.length === 0 && this.pixels(pressed, at) > DRAG) {
      const [lon, lat] = rounded(pressed.lng, pressed.lat);
      const km = Number((pressed.distanceTo(at) / 1000).toFixed(1));
      if (km > 0) this.report.done({ circle: [lon, lat, km] });
      return;
    }
    this.corner(at, event.pointerType === "touch" ? CLOSES.touch : CLOSES.mouse);
  }

  /**
   * Add a corner, or close the polygon at its first or last one.
   *
   * @param {L.LatLng} at
   * @param {number} reach - in pixels
   */
  corner(at, reach) {
    const [first] = this.corners;
    const last = this.corners[this.corners.length - 1];
    const again = last && this.pixels(last, at) < DRAG;
    if (first && (again || this.pixels(first, at) < reach)) {
      if (this.corners.length > 2) this.finish();
      return;
    }
    this.corners.push(at);
    this.finishButton.hidden = this.corners.length < 3;
    this.draw(this.corners.length > 1 ? L.polygon(this.corners, LOOK) : this.dot(at));
  }

  /** @param {L.LatLng} at */
  dot(at) {
    return L.circle(at, { ...LOOK, radius: 1 });
  }

  finish() {
    this.report.done({ shape: cornersPolygon(this.corners) });
  }

  /** @param {L.Path} sketch */
  draw(sketch) {
    this.sketch?.remove();
    this.sketch = sketch.addTo(this.map);
  }

  /**
   * @param {L.LatLng} a
   * @param {L.LatLng} b
   */
  pixels(a, b) {
    return this.map.latLngToContainerPoint(a).distanceTo(this.map.latLngToContainerPoint(b));
  }
}
