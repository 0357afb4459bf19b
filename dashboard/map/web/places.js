// Towns, supply points, border crossings, airports: symbols whose shape tells the state.
import { setAttribute, svgEl } from "../../../geodata/export/web/dom.js";
import { fuelRing } from "../../../geodata/export/web/fuel_ring.js";
import { circle } from "../../../geodata/export/web/shapes.js";
import { isolatedSign, placeGlyphs, townShape } from "../../../geodata/export/web/symbols.js";
import { arrowNeighbour, roomAround } from "./geometry.js";
import { Overlay } from "./overlay.js";
import { oneStop, rove } from "./roving.js";

/** @import { Actions, Airport, Frame, Layers, Network, NetworkNode, Point, Press, TipContent, TownState } from "./types" */

/** How many times its radius a town is drawn, by its state: the isolated stand out most. */
const LARGER = { open: 1, escort_only: 1, detour: 1.12, isolated: 1.4 };
/** Least radius in pixels of an isolated town, however few its people. */
const ISOLATED = 4;
/** Radius in pixels within which a finger reaches a symbol that has room around it. */
const FINGER = 22;
/** Share of the way to the next symbol that a symbol's reach takes; the rest is the roads'. */
const SHARE = 0.3;

/**
 * Return how much larger or smaller a symbol is drawn.
 *
 * @param {NetworkNode} node
 * @param {number} small - scale of the small symbols at this zoom
 */
function symbolScale(node, small) {
  if (node.town) return 1;
  return node.supply ? Math.max(0.78, small) : small;
}

export class Places {
  /** @type {Record<number, TownState>} */
  states = {};
  /** Cause of isolation by node number, where it is no closure. */
  /** @type {Record<number, string>} */
  causes = {};
  /** @type {SVGGElement[]} */
  nodes = [];
  /** @type {Point[]} */
  pixel = [];
  /** @type {Record<string, SVGGElement>} */
  groups = {};
  /** @type {SVGGElement[]} */
  airportSymbols = [];
  /** @type {Layers} */
  shown = { supply: true, crossings: true, airports: false };
  /** Word of the fuel model by node number; empty while the layer is off. */
  /** @type {Record<number, string>} */
  fuel = {};

  /**
   * @param {L.Map} map
   * @param {Network} network
   * @param {Airport[]} airports
   * @param {Actions} actions
   */
  constructor(map, network, airports, actions) {
    this.map = map;
    this.network = network;
    this.touched = matchMedia("(pointer: coarse)").matches;
    this.airports = airports || [];
    this.actions = actions;
    this.layer = new Overlay("places", (frame) => this.draw(frame));
    this.build();
    this.layer.addTo(map);
  }

  build() {
    const svg = this.layer.svg;
    const g = this.groups;
    for (const name of ["junctions", "airports", "crossings", "towns", "supply"]) {
      g[name] = svg.appendChild(svgEl("g", { class: `p-${name}`, role: "group" }));
    }
    const rank = (/** @type {NetworkNode} */ node) => node.people || 0;
    const order = this.network.nodes
      .map((_, i) => i)
      .sort((a, b) => rank(this.network.nodes[a]) - rank(this.network.nodes[b]));
    // A country's roads have too many junctions to draw each; towns and supply stay.
    const plain = this.network.nodes.length <= 2500;
    for (const i of order) {
      const node = this.network.nodes[i];
      if (plain || node.town || node.supply) this.nodes[i] = this.symbol(i, g);
    }
    this.airports.forEach((airport) => {
      const symbol = g.airports.appendChild(
        svgEl("g", { class: "airport" }, [
          svgEl("circle", { r: 6.5 }),
          svgEl("path", { d: placeGlyphs.airport, transform: "scale(.82)" }),
        ]),
      );
      this.airportSymbols.push(symbol);
      this.hoverable(symbol, () => this.actions.airport(airport));
    });
    rove(g.supply);
    oneStop(g.supply);
    const first = g.towns.querySelector(".town");
    if (first) first.setAttribute("tabindex", "0");
  }

  /**
   * @param {number} i
   * @param {Record<string, SVGGElement>} g
   */
  symbol(i, g) {
    const node = this.network.nodes[i];
    /** @type {SVGGElement} */
    let symbol;
    if (node.supply) {
      const glyph = placeGlyphs[node.kind === "port" ? "port" : "depot"];
      symbol = svgEl("g", { class: "supply", tabindex: 0, role: "button" }, [
        svgEl("rect", { x: -8, y: -8, width: 16, height: 16, rx: 4.5 }),
        svgEl("path", { d: glyph, transform: "scale(1.02)" }),
        svgEl("path", { class: "slash", d: "M-8.5 8.5L8.5 -8.5" }),
      ]);
      if (this.touched) symbol.prepend(svgEl("circle", { class: "reach" }));
      g.supply.append(symbol);
      this.clickable(symbol, () => this.actions.supply(i));
    } else if (node.town) {
      symbol = svgEl("g", { class: "town open", tabindex: -1, role: "button", "data-n": i }, [
        svgEl("path", { class: "halo" }),
        svgEl("path", { class: "body" }),
        svgEl("path", { class: "sign" }),
      ]);
      if (this.touched) symbol.append(svgEl("circle", { class: "reach" }));
      g.towns.append(symbol);
      this.clickable(symbol, () => this.actions.town(i));
      symbol.addEventListener("keydown", (event) => this.key(i, event));
      symbol.addEventListener("focus", () => this.rove(symbol));
    } else if (node.kind === "border_crossing") {
      symbol = svgEl("g", { class: "crossing" }, [
        svgEl("circle", { r: 3.7 }),
        svgEl("path", { d: "M-2 0H2" }),
      ]);
      g.crossings.append(symbol);
    } else {
      symbol = svgEl("g", { class: node.kind === "junction" ? "junction" : "abroad" }, [
        svgEl("circle", { r: node.kind === "junction" ? 1.3 : 2.3 }),
      ]);
      g.junctions.append(symbol);
    }
    this.hoverable(symbol, () => this.actions.node(i));
    return symbol;
  }

  /**
   * @param {SVGGElement} symbol
   * @param {(event: Press) => void} act
   */
  clickable(symbol, act) {
    symbol.addEventListener("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (!this.map.dragging.moved()) act(event);
    });
    symbol.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      L.DomEvent.stop(event);
      act(event);
    });
  }

  /**
   * @param {SVGGElement} symbol
   * @param {() => TipContent} enter
   */
  hoverable(symbol, enter) {
    symbol.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") this.actions.tip(enter(), event.clientX, event.clientY);
    });
    symbol.addEventListener("pointerleave", () => this.actions.leave());
    // A listener for the focus alone makes a shape a stop of the Tab key.
    if (!symbol.hasAttribute("tabindex")) return;
    symbol.addEventListener("focus", () => {
      const box = symbol.getBoundingClientRect();
      this.actions.tip(enter(), box.left + box.width / 2, box.top);
    });
    symbol.addEventListener("blur", () => this.actions.leave());
  }

  /**
   * @param {number} i
   * @param {KeyboardEvent} event
   */
  key(i, event) {
    const towns = this.network.nodes.map((node) => (node.town ? node.at : undefined));
    const next = arrowNeighbour(towns, i, event.key);
    if (next === null) return;
    L.DomEvent.stop(event);
    if (next >= 0) this.nodes[next].focus({ preventScroll: true });
  }

  /** @param {SVGGElement} symbol */
  rove(symbol) {
    for (const old of this.groups.towns.querySelectorAll('[tabindex="0"]'))
      old.setAttribute("tabindex", "-1");
    symbol.setAttribute("tabindex", "0");
  }

  /** @param {NetworkNode} node */
  radius(node) {
    const zoom = this.map.getZoom();
    const base = node.people ? 2.5 + Math.sqrt(node.people) * 0.0042 : 2.5;
    return base * Math.max(0.62, Math.min(1.5, 0.95 + (zoom - 6) * (zoom < 6 ? 0.17 : 0.12)));
  }

  /** @param {Frame} frame */
  draw(frame) {
    const zoom = this.map.getZoom();
    this.pixel = this.network.nodes.map((node) => [
      node.at[0] * frame.k - frame.x,
      node.at[1] * frame.k - frame.y,
    ]);
    const small = Math.max(0.6, Math.min(1.15, 0.8 + (zoom - 6) * 0.13));
    this.nodes.forEach((symbol, i) => {
      const node = this.network.nodes[i],
        [x, y] = this.pixel[i];
      const size = node.town ? "" : ` scale(${symbolScale(node, small).toFixed(2)})`;
      symbol.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})${size}`);
      if (node.town) this.shape(i);
    });
    this.airports.forEach((airport, k) => {
      const x = airport.at[0] * frame.k - frame.x,
        y = airport.at[1] * frame.k - frame.y;
      this.airportSymbols[k].setAttribute(
        "transform",
        `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${small.toFixed(2)})`,
      );
    });
    this.layer.svg.classList.toggle("far", zoom < 6);
    if (this.touched) this.reach(small);
  }

  /**
   * Let a finger reach each town and supply point from as far as its neighbours leave room.
   *
   * @param {number} small - scale of the small symbols
   */
  reach(small) {
    const { nodes } = this.network;
    const pressed = nodes.map((_, i) => i).filter((i) => nodes[i].town || nodes[i].supply);
    const places = pressed.map((i) => this.pixel[i]);
    roomAround(places, FINGER / SHARE).forEach((room, k) => {
      const i = pressed[k];
      const r = (room * SHARE) / symbolScale(nodes[i], small);
      this.nodes[i].querySelector(".reach")?.setAttribute("r", r.toFixed(1));
    });
  }

  /** @param {number} i */
  shape(i) {
    const symbol = this.nodes[i],
      state = this.states[i] || "open";
    const drawn = this.radius(this.network.nodes[i]) * LARGER[state];
    const r = state === "isolated" ? Math.max(ISOLATED, drawn) : drawn;
    const [halo, body, sign] = symbol.children;
    body.setAttribute("d", townShape[state](r));
    halo.setAttribute("d", circle(r * 1.25 + 5));
    sign.setAttribute("d", state === "isolated" ? isolatedSign(this.causes[i], r * 0.5) : "");
    symbol.querySelector(".fuel")?.remove();
    if (this.fuel[i]) symbol.append(fuelRing(this.fuel[i], r * 1.25 + 3.5));
  }

  /** @param {Record<number, string>} words - node number -> word of the fuel model */
  setFuel(words) {
    if (JSON.stringify(words) === JSON.stringify(this.fuel)) return;
    this.fuel = words;
    this.network.nodes.forEach((node, i) => {
      if (node.town) this.shape(i);
    });
  }

  /**
   * states: node number -> state; marks: node number -> extra class (new, gained, lost).
   *
   * @param {Record<number, TownState>} states
   * @param {Record<number, string>} marks
   * @param {number | undefined} selected
   * @param {Set<number>} off
   * @param {Record<number, string>} causes - of isolation other than closures
   */
  paint(states, marks, selected, off, causes) {
    this.states = states;
    this.causes = causes;
    this.nodes.forEach((symbol, i) => {
      const node = this.network.nodes[i];
      if (node.town) {
        const chosen = selected === i ? "chosen" : "";
        const name = ["town", states[i] || "open", causes[i], marks[i], chosen]
          .filter(Boolean)
          .join(" ");
        if (symbol.getAttribute("class") !== name) {
          symbol.setAttribute("class", name);
          if (this.pixel) this.shape(i);
        }
      } else if (node.supply) {
        setAttribute(symbol, "class", off.has(i) ? "supply off" : "supply");
        setAttribute(symbol, "aria-pressed", off.has(i));
      }
    });
  }

  /**
   * @param {number} i
   * @param {string} text
   */
  label(i, text) {
    setAttribute(this.nodes[i], "aria-label", text);
  }
  /** @param {Layers} layers */
  show(layers) {
    this.shown = { ...this.shown, ...layers };
    for (const name of ["supply", "crossings", "airports"]) {
      this.groups[name].classList.toggle("gone", !this.shown[name]);
    }
    this.groups.towns.classList.toggle("no-fuel", !this.shown.fuel);
  }
  /**
   * Whether a supply point is switched off.
   *
   * @param {number} i
   */
  isOff(i) {
    return this.nodes[i].classList.contains("off");
  }

  remove() {
    this.layer.remove();
  }
}
