// An SVG that stays fixed to the map while it moves and zooms.
import { svgEl } from "../../../geodata/export/web/dom.js";
import { frameOf } from "./geometry.js";

/** @typedef {import("./types").Frame} Frame */

export class Overlay extends L.Layer {
  /**
   * @param {string} pane
   * @param {(frame: Frame) => void} draw - called when the zoom has changed
   */
  constructor(pane, draw) {
    super();
    L.setOptions(this, { pane });
    this.drawFrame = draw;
    this.svg = svgEl("svg", { class: "leaflet-zoom-animated sr-svg", focusable: "false" });
    // Leaflet's types ask for an HTML element where any with a style will do.
    this.box = /** @type {HTMLElement} */ (/** @type {unknown} */ (this.svg));
    this.zoom = 0;
    this.origin = L.point(0, 0);
  }

  /** @override */
  onAdd() {
    this.getPane()?.appendChild(this.svg);
    this.redraw();
    return this;
  }

  /** @override */
  onRemove() {
    this.svg.remove();
    return this;
  }

  /** @override */
  getEvents() {
    /** @type {Record<string, L.LeafletEventHandlerFn>} */
    const events = { viewreset: this.redraw, zoomend: this.redraw };
    if (this._zoomAnimated) events.zoomanim = (event) => this.animate(event);
    return events;
  }

  redraw() {
    if (!this._map?._loaded) return;
    this.zoom = this._map.getZoom();
    this.origin = this._map.getPixelOrigin();
    L.DomUtil.setTransform(this.box, L.point(0, 0), 1);
    this.drawFrame(frameOf(this._map));
  }

  /** @param {any} event */
  animate(event) {
    const scale = this._map.getZoomScale(event.zoom, this.zoom);
    const origin = this._map._getNewPixelOrigin(event.center, event.zoom);
    L.DomUtil.setTransform(this.box, this.origin.multiplyBy(scale).subtract(origin), scale);
  }
}
