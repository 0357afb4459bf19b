// Zoom, home, layers, legend, scale, attribution and tip.
import { el, svgEl } from "../../../geodata/export/web/dom.js";
import { gestures } from "./gestures.js";
import { legendKey } from "./legend_keys.js";
import { lang, t } from "./texts.js";

/** @import { Actions, Layers, LegendGroup, TipContent } from "./types" */

const ICONS = {
  plus: "M8 3V13M3 8H13",
  minus: "M3 8H13",
  home: "M2.5 8L8 3L13.5 8M4.2 6.8V13H11.8V6.8",
  layers: "M8 2.2L14 5.6L8 9L2 5.6ZM2.6 8.6L8 11.6L13.4 8.6M2.6 11.2L8 14.2L13.4 11.2",
  down: "M4 6L8 10L12 6",
};
/** Width of the page in pixels from which the legend begins open. */
const LEGEND_OPEN = 1600;
/** What happens on a panel is not the map's. */
const OWN_EVENTS = [
  "click",
  "dblclick",
  "pointerdown",
  "mousedown",
  "touchstart",
  "wheel",
  "contextmenu",
];

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const look = { viewBox: "0 0 16 16", class: "sr-icon", "aria-hidden": "true" };
  return svgEl("svg", look, svgEl("path", { d: ICONS[name] }));
}

export class Controls {
  /** Buttons whose name follows the language. */
  /** @type {[HTMLElement, string][]} */
  named = [];
  lastPointer = "";
  legendRows = "";
  hintTimer = 0;
  root = el("div", { class: "sr-controls" });
  layerList = el("div", { class: "sr-list", id: "sr-layers" });
  layerBox = el("div", { class: "sr-panel sr-layers closed" });
  legendTitle = el("span");
  legendBody = el("div", { class: "sr-legend-body", id: "sr-legend" });
  legendBox = el("div", { class: "sr-panel sr-legend" });
  credit = el("div", { class: "sr-credit" });
  schematic = el("div", { class: "sr-schematic" });
  tip = el("div", { class: "sr-tip", role: "tooltip" });
  voice = el("div", { class: "sr-voice", "aria-live": "polite" });
  hint = el("div", { class: "sr-hint", "aria-hidden": "true" });

  /**
   * @param {L.Map} map
   * @param {Actions} actions
   */
  constructor(map, actions) {
    this.map = map;
    this.actions = actions;
    const stop = (/** @type {Event} */ event) => event.stopPropagation();
    for (const type of OWN_EVENTS) this.root.addEventListener(type, stop, { passive: true });
    this.layerButton = this.makeLayerPanel();
    this.legendButton = this.makeLegendPanel();
    const scale = L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    const corner = (/** @type {string} */ place, /** @type {(Node | undefined)[]} */ ...parts) =>
      el("div", { class: `sr-corner ${place}` }, parts);
    this.root.append(
      corner("top left", this.makeZoomPanel()),
      corner("top right", this.layerBox),
      corner("bottom left", this.legendBox),
      corner("bottom right", this.schematic, scale.getContainer(), this.credit),
    );
    const container = map.getContainer();
    container.append(this.root, this.tip, this.voice, this.hint);
    gestures(map, (text) => this.say(text));
    const remember = (/** @type {PointerEvent} */ event) => {
      this.lastPointer = event.pointerType;
    };
    container.addEventListener("pointerdown", remember, { capture: true, passive: true });
  }

  makeZoomPanel() {
    /** @type {(name: keyof typeof ICONS, act: () => void) => HTMLElement} */
    const button = (name, act) => {
      const look = { type: "button", class: "sr-button", onclick: act };
      const node = el("button", look, icon(name));
      this.named.push([node, name]);
      return node;
    };
    return el("div", { class: "sr-panel sr-stack" }, [
      button("plus", () => this.map.zoomIn(0.75)),
      button("minus", () => this.map.zoomOut(0.75)),
      button("home", () => this.actions.home()),
    ]);
  }

  makeLayerPanel() {
    const look = {
      type: "button",
      class: "sr-button",
      "aria-expanded": "false",
      "aria-controls": "sr-layers",
      onclick: () => this.openLayers(),
    };
    const button = el("button", look, icon("layers"));
    this.named.push([button, "layers"]);
    this.layerBox.append(button, this.layerList);
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.layerBox.classList.contains("closed")) return;
      this.openLayers(false);
      button.focus();
    });
    return button;
  }

  /** @param {boolean} [open] - the other state if not given */
  openLayers(open = this.layerBox.classList.contains("closed")) {
    this.layerBox.classList.toggle("closed", !open);
    this.layerButton.setAttribute("aria-expanded", String(open));
    this.actions.arranged();
  }

  makeLegendPanel() {
    const open = window.parent.innerWidth >= LEGEND_OPEN;
    const look = {
      type: "button",
      class: "sr-legend-head",
      "aria-controls": "sr-legend",
      "aria-expanded": String(open),
      onclick: () => this.openLegend(),
    };
    const button = el("button", look, this.legendTitle, icon("down"));
    this.legendBox.classList.toggle("closed", !open);
    this.legendBox.append(button, this.legendBody);
    return button;
  }

  legendIsOpen() {
    return !this.legendBox.classList.contains("closed");
  }

  /** @param {boolean} [open] - the other state if not given */
  openLegend(open = !this.legendIsOpen()) {
    this.legendBox.classList.toggle("closed", !open);
    this.legendButton.setAttribute("aria-expanded", String(open));
    this.actions.arranged();
  }

  translate() {
    for (const [node, name] of this.named) {
      const text = t(`button.${name}`);
      node.setAttribute("aria-label", text);
      node.title = text;
    }
    this.legendTitle.textContent = t("legend");
    this.credit.textContent = t("credit");
    this.schematic.textContent = t("schematic");
  }

  /**
   * @param {string[]} names
   * @param {Layers} visible
   */
  setLayers(names, visible) {
    const boxes = names.map((name) => {
      const input = el("input", { type: "checkbox" });
      input.checked = Boolean(visible[name]);
      input.addEventListener("change", () => this.actions.layer(name, input.checked));
      return el("label", {}, input, el("span", { text: t(`layer.${name}`) }));
    });
    this.layerList.replaceChildren(el("h3", { text: t("layers") }), ...boxes);
  }

  /** @param {LegendGroup[]} groups */
  setLegend(groups) {
    const rows = JSON.stringify(groups) + lang;
    if (rows === this.legendRows) return;
    this.legendRows = rows;
    const body = groups
      .filter(([, items]) => items.length > 0)
      .flatMap(([title, items]) => [
        el("h3", { text: t(`legend.${title}`) }),
        el(
          "ul",
          {},
          items.map(([kind, name, text]) =>
            kind === "note"
              ? el("li", { class: "sr-note", text })
              : el("li", {}, legendKey(kind, name), el("span", { text })),
          ),
        ),
      ]);
    this.legendBody.replaceChildren(...body);
    this.actions.arranged();
  }

  /**
   * @param {TipContent} content
   * @param {number} x
   * @param {number} y
   */
  showTip(content, x, y) {
    const parts = typeof content === "string" ? [el("div", { text: content })] : content;
    this.tip.replaceChildren(...parts);
    this.tip.classList.add("on");
    const size = this.map.getSize();
    const { offsetWidth: w, offsetHeight: h } = this.tip;
    const left = x + 16 + w > size.x ? Math.max(6, x - w - 14) : x + 16;
    const below = y + 14 + h > size.y ? y - h - 12 : y + 14;
    const top = Math.min(Math.max(6, below), size.y - h - 6);
    this.tip.style.transform = `translate(${Math.round(left)}px,${Math.round(top)}px)`;
  }

  hideTip() {
    this.tip.classList.remove("on");
  }

  /** @param {string} text */
  announce(text) {
    this.voice.textContent = text;
  }

  /** @param {string} text */
  say(text) {
    this.hint.textContent = text;
    this.hint.classList.add("on");
    clearTimeout(this.hintTimer);
    this.hintTimer = window.setTimeout(() => this.hint.classList.remove("on"), 1400);
  }
}
