// What an import found doubtful in its roads: a sign at each place, gathered where they crowd.
"use strict";
(function (sr) {
  const WEIGHTS = ["error", "warning", "info"], CELL = 26, LISTED = 40;
  const SHAPES = { error: "M0 -7L7.4 6H-7.4Z", warning: "M0 -7L7.4 6H-7.4Z", info: "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z" };
  const SIGNS = { error: "M0 -2.6V1.6M0 3.4V4", warning: "M0 -2.6V1.6M0 3.4V4", info: "M0 -.6V2.8M0 -2.8V-2.2" };

  sr.findingSign = (weight) => [sr.svg("path", { class: "body", d: SHAPES[weight] }),
    sr.svg("path", { class: "sign", d: SIGNS[weight] })];

  sr.Findings = class {
    constructor(map, actions) {
      Object.assign(this, { map, actions, places: [], visible: true });
      this.layer = new sr.Overlay("events", () => this.draw());
      this.group = this.layer.svg.appendChild(sr.svg("g", { role: "group" }));
      this.layer.addTo(map);
    }

    // Rows as the server sends them: latitude, longitude, weight, sentence; the heaviest first.
    set(rows) {
      this.places = rows.map(([lat, lon, weight, text]) => ({ lat, lon, weight, text, at: sr.point(lat, lon) }));
      this.draw();
    }

    show(on) {
      this.visible = on;
      this.group.classList.toggle("gone", !on);
    }

    draw() {
      if (!this.map._loaded) return;
      const frame = sr.frame(this.map), cells = new Map();
      for (const place of this.places) {
        const x = place.at[0] * frame.k - frame.x, y = place.at[1] * frame.k - frame.y;
        const key = Math.floor(x / CELL) + " " + Math.floor(y / CELL), found = cells.get(key);
        if (found) found.places.push(place);
        else cells.set(key, { x, y, places: [place] });
      }
      this.group.replaceChildren(...[...cells.values()].map((cell) => this.symbol(cell)));
    }

    symbol({ x, y, places }) {
      const [first] = places, many = places.length > 1;
      const label = many ? sr.t("finding.many", { n: places.length }) : first.text;
      const node = sr.svg("g", { class: "finding " + first.weight, tabindex: 0, role: "button", "aria-label": label,
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${this.map.getZoom() < 7.5 ? 0.8 : 1})` }, sr.findingSign(first.weight));
      if (many) node.append(sr.svg("text", { x: 8, y: -4, text: places.length }));
      const open = (event) => {
        L.DomEvent.stop(event);
        if (event.type === "keydown" || !this.map.dragging.moved()) this.actions.card(this.card(places), first);
      };
      node.addEventListener("click", open);
      node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") open(event); });
      node.addEventListener("pointerenter", (event) => {
        if (event.pointerType !== "touch") this.actions.tip(label, event.clientX, event.clientY);
      });
      node.addEventListener("pointerleave", () => this.actions.leave());
      return node;
    }

    card(places) {
      const card = sr.el("div", { class: "sr-card" }, [
        sr.el("h3", { text: sr.t("finding.many", { n: places.length }) })]);
      for (const place of places.slice(0, LISTED)) {
        card.append(sr.el("p", {}, [sr.el("strong", { text: sr.t("finding." + place.weight) + ": " }),
          sr.el("span", { text: place.text })]));
      }
      if (places.length > LISTED) card.append(sr.el("p", { text: sr.t("event.more", { n: places.length - LISTED }) }));
      return card;
    }

    // Weights of what lies where `inside` says.
    weights(inside) {
      return this.visible ? WEIGHTS.filter((weight) =>
        this.places.some((place) => place.weight === weight && inside(...place.at))) : [];
    }
  };
})(supplyRoutes);
