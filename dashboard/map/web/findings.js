// What an import found doubtful in its roads: a sign at each place, gathered where they crowd.
import { el, svgEl } from "../../../geodata/export/web/dom.js";
import { frameOf, project } from "./geometry.js";
import { Overlay } from "./overlay.js";
import { oneStop, rove } from "./roving.js";
import { t } from "./texts.js";

/** @import { Actions, Finding, FindingRow, Inside, Weight } from "./types" */

const WEIGHTS = ["error", "warning", "info"],
  CELL = 26,
  LISTED = 40;
const SHAPES = {
  error: "M0 -7L7.4 6H-7.4Z",
  warning: "M0 -7L7.4 6H-7.4Z",
  info: "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z",
};
const SIGNS = {
  error: "M0 -2.6V1.6M0 3.4V4",
  warning: "M0 -2.6V1.6M0 3.4V4",
  info: "M0 -.6V2.8M0 -2.8V-2.2",
};

/** @param {Weight} weight */
export const findingSign = (weight) => [
  svgEl("path", { class: "body", d: SHAPES[weight] }),
  svgEl("path", { class: "sign", d: SIGNS[weight] }),
];

export class Findings {
  /** @type {Finding[]} */
  places = [];
  visible = true;

  /**
   * @param {L.Map} map
   * @param {Actions} actions
   */
  constructor(map, actions) {
    this.map = map;
    this.actions = actions;
    this.layer = new Overlay("events", () => this.draw());
    this.group = this.layer.svg.appendChild(svgEl("g", { role: "group" }));
    rove(this.group);
    this.layer.addTo(map);
  }

  /**
   * Rows as the server sends them: latitude, longitude, weight, sentence; the heaviest first.
   *
   * @param {FindingRow[]} rows
   */
  set(rows) {
    this.places = rows.map(([lat, lon, weight, text]) => ({
      lat,
      lon,
      weight,
      text,
      at: project(lat, lon),
    }));
    this.draw();
  }

  /** @param {boolean} on */
  show(on) {
    this.visible = on;
    this.group.classList.toggle("gone", !on);
  }

  draw() {
    if (!this.map._loaded) return;
    const frame = frameOf(this.map),
      cells = new Map();
    for (const place of this.places) {
      const x = place.at[0] * frame.k - frame.x,
        y = place.at[1] * frame.k - frame.y;
      const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`,
        found = cells.get(key);
      if (found) found.places.push(place);
      else cells.set(key, { x, y, places: [place] });
    }
    this.group.replaceChildren(...[...cells.values()].map((cell) => this.symbol(cell)));
    oneStop(this.group);
  }

  /** @param {{ x: number, y: number, places: Finding[] }} it */
  symbol({ x, y, places }) {
    const [first] = places,
      many = places.length > 1;
    const label = many ? t("finding.many", { n: places.length }) : first.text;
    const node = svgEl(
      "g",
      {
        class: `finding ${first.weight}`,
        tabindex: 0,
        role: "button",
        "aria-label": label,
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${this.map.getZoom() < 7.5 ? 0.8 : 1})`,
      },
      findingSign(first.weight),
    );
    if (many) node.append(svgEl("text", { x: 8, y: -4, text: places.length }));
    const open = (/** @type {MouseEvent | KeyboardEvent} */ event) => {
      L.DomEvent.stop(event);
      if (event.type === "keydown" || !this.map.dragging.moved())
        this.actions.card(this.card(places), first);
    };
    node.addEventListener("click", open);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") open(event);
    });
    node.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") this.actions.tip(label, event.clientX, event.clientY);
    });
    node.addEventListener("pointerleave", () => this.actions.leave());
    return node;
  }

  /** @param {Finding[]} places */
  card(places) {
    const card = el("div", { class: "sr-card" }, [
      el("h3", { text: t("finding.many", { n: places.length }) }),
    ]);
    for (const place of places.slice(0, LISTED)) {
      card.append(
        el("p", {}, [
          el("strong", { text: `${t(`finding.${place.weight}`)}: ` }),
          el("span", { text: place.text }),
        ]),
      );
    }
    if (places.length > LISTED)
      card.append(el("p", { text: t("event.more", { n: places.length - LISTED }) }));
    return card;
  }

  remove() {
    this.layer.remove();
  }

  /**
   * Weights of what lies where `inside` says.
   *
   * @param {Inside} inside
   */
  weights(inside) {
    return this.visible
      ? WEIGHTS.filter((weight) =>
          this.places.some((place) => place.weight === weight && inside(...place.at)),
        )
      : [];
  }
}
