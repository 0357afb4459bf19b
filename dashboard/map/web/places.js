// Towns, supply points, border crossings, airports: symbols whose shape tells the state.
"use strict";
(function (sr) {
  const round = (r) => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
  const polygon = (points, r) => "M" + points.map(([x, y]) => `${(x * r).toFixed(2)} ${(y * r).toFixed(2)}`)
    .join("L") + "Z";
  sr.townShape = {
    open: round,
    detour: (r) => polygon([[0, -1.35], [1.35, 0], [0, 1.35], [-1.35, 0]], r),
    escort_only: (r) => polygon([[0, -1.3], [1.2, -0.75], [1.05, 0.55], [0, 1.35], [-1.05, 0.55],
      [-1.2, -0.75]], r),
    isolated: (r) => polygon([[-1.05, -1.05], [1.05, -1.05], [1.05, 1.05], [-1.05, 1.05]], r),
  };
  const cross = (r) => `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`;
  sr.GLYPHS = {
    port: "M0 -4.4a1.5 1.5 0 1 0 .01 0M0 -1.6V4.4M-2.4 -.4H2.4M-4 1.2C-3.6 3.4 -1.8 4.4 0 4.4S3.6 3.4 4 1.2",
    depot: "M-3.2 4V-3.4Q-3.2 -4 -2.6 -4H.8Q1.4 -4 1.4 -3.4V4M-4 4H2.2M-1.9 -2.4H.1V-.6H-1.9ZM1.4 -1H2.6" +
      "Q3.3 -1 3.3 -.3V2.2Q3.3 3 4 3T4.6 2.2V-1.6L3.2 -3",
    airport: "M0 -5.2C.8 -5.2 .9 -3.6 .9 -2.2L5 .6V1.9L.9 .8L.7 3.4L2.1 4.5V5.4L0 4.8L-2.1 5.4V4.5L-.7 3.4" +
      "L-.9 .8L-5 1.9V.6L-.9 -2.2C-.9 -3.6 -.8 -5.2 0 -5.2Z",
  };

  sr.Places = class {
    constructor(map, network, airports, actions) {
      this.map = map;
      this.network = network;
      this.airports = airports || [];
      this.actions = actions;
      this.shown = { supply: true, crossings: true, airports: false };
      this.states = {};
      this.layer = new sr.Overlay("places", (frame) => this.draw(frame));
      this.build();
      this.layer.addTo(map);
    }

    build() {
      const svg = this.layer.svg, g = {};
      for (const name of ["junctions", "airports", "crossings", "towns", "supply"]) {
        g[name] = svg.appendChild(sr.svg("g", { class: "p-" + name, role: "group" }));
      }
      this.groups = g;
      const rank = (node) => node.people || 0;
      const order = this.network.nodes.map((node, i) => i)
        .sort((a, b) => rank(this.network.nodes[a]) - rank(this.network.nodes[b]));
      this.nodes = [];
      // A country's roads have too many junctions to draw each; towns and supply stay.
      const plain = this.network.nodes.length <= 2500;
      for (const i of order) {
        const node = this.network.nodes[i];
        if (plain || node.town || node.supply) this.nodes[i] = this.symbol(i, g);
      }
      this.airports.forEach((airport) => {
        airport.symbol = g.airports.appendChild(sr.svg("g", { class: "airport" }, [
          sr.svg("circle", { r: 6.5 }), sr.svg("path", { d: sr.GLYPHS.airport, transform: "scale(.82)" })]));
        this.hoverable(airport.symbol, () => this.actions.airport(airport));
      });
      const first = g.towns.querySelector(".town");
      if (first) first.setAttribute("tabindex", 0);
    }

    symbol(i, g) {
      const node = this.network.nodes[i];
      let symbol;
      if (node.supply) {
        const glyph = sr.GLYPHS[node.kind === "port" ? "port" : "depot"];
        symbol = sr.svg("g", { class: "supply", tabindex: 0, role: "button" }, [
          sr.svg("rect", { x: -8, y: -8, width: 16, height: 16, rx: 4.5 }),
          sr.svg("path", { d: glyph, transform: "scale(1.02)" }),
          sr.svg("path", { class: "slash", d: "M-8.5 8.5L8.5 -8.5" })]);
        g.supply.append(symbol);
        this.clickable(symbol, (event) => this.actions.supply(i, event));
      } else if (node.town) {
        symbol = sr.svg("g", { class: "town open", tabindex: -1, role: "button", "data-n": i }, [
          sr.svg("path", { class: "halo" }), sr.svg("path", { class: "body" }),
          sr.svg("path", { class: "sign" })]);
        g.towns.append(symbol);
        this.clickable(symbol, () => this.actions.town(i));
        symbol.addEventListener("keydown", (event) => this.key(i, event));
        symbol.addEventListener("focus", () => this.rove(symbol));
      } else if (node.kind === "border_crossing") {
        symbol = sr.svg("g", { class: "crossing" }, [
          sr.svg("circle", { r: 3.7 }), sr.svg("path", { d: "M-2 0H2" })]);
        g.crossings.append(symbol);
      } else {
        symbol = sr.svg("g", { class: node.kind === "junction" ? "junction" : "abroad" },
          [sr.svg("circle", { r: node.kind === "junction" ? 1.3 : 2.3 })]);
        g.junctions.append(symbol);
      }
      this.hoverable(symbol, () => this.actions.node(i));
      return symbol;
    }

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

    key(i, event) {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      L.DomEvent.stop(event);
      const here = this.network.nodes[i].at;
      let best = -1, least = Infinity;
      this.network.nodes.forEach((node, j) => {
        const dx = node.at[0] - here[0], dy = node.at[1] - here[1];
        const along = dx * step[0] + dy * step[1];
        if (j === i || !node.town || along <= 1e-9) return;
        const cost = along + 2.2 * (Math.abs(dx * step[1]) + Math.abs(dy * step[0]));
        if (cost < least) { least = cost; best = j; }
      });
      if (best >= 0) this.nodes[best].focus({ preventScroll: true });
    }

    rove(symbol) {
      for (const old of this.groups.towns.querySelectorAll('[tabindex="0"]')) old.setAttribute("tabindex", -1);
      symbol.setAttribute("tabindex", 0);
    }

    radius(node) {
      const zoom = this.map.getZoom();
      const base = node.people ? 2.5 + Math.sqrt(node.people) * 0.0042 : 2.5;
      return base * Math.max(0.62, Math.min(1.5, 0.95 + (zoom - 6) * (zoom < 6 ? 0.17 : 0.12)));
    }

    draw(frame) {
      const zoom = this.map.getZoom();
      this.pixel = this.network.nodes.map((node) => [node.at[0] * frame.k - frame.x, node.at[1] * frame.k - frame.y]);
      const small = Math.max(0.6, Math.min(1.15, 0.8 + (zoom - 6) * 0.13));
      this.nodes.forEach((symbol, i) => {
        const node = this.network.nodes[i], [x, y] = this.pixel[i];
        const size = node.town ? "" : ` scale(${(node.supply ? Math.max(0.78, small) : small).toFixed(2)})`;
        symbol.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})${size}`);
        if (node.town) this.shape(i);
      });
      for (const airport of this.airports) {
        const x = airport.at[0] * frame.k - frame.x, y = airport.at[1] * frame.k - frame.y;
        airport.symbol.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${small.toFixed(2)})`);
      }
      this.layer.svg.classList.toggle("far", zoom < 6);
    }

    shape(i) {
      const symbol = this.nodes[i], state = this.states[i] || "open";
      const r = this.radius(this.network.nodes[i]) * (state === "open" ? 1 : 1.12);
      const [halo, body, sign] = symbol.children;
      body.setAttribute("d", sr.townShape[state](r));
      halo.setAttribute("d", round(r * 1.25 + 5));
      sign.setAttribute("d", state === "isolated" ? cross(r * 0.5) : "");
    }

    // states: node number -> state; marks: node number -> extra class (new, gained, lost).
    paint(states, marks, selected, off) {
      this.states = states;
      this.nodes.forEach((symbol, i) => {
        const node = this.network.nodes[i];
        if (node.town) {
          const name = ["town", states[i] || "open", marks[i] || "", selected === i ? "chosen" : ""].join(" ").trim();
          if (symbol.getAttribute("class") !== name) {
            symbol.setAttribute("class", name);
            if (this.pixel) this.shape(i);
          }
        } else if (node.supply) {
          sr.put(symbol, "class", off.has(i) ? "supply off" : "supply");
          sr.put(symbol, "aria-pressed", off.has(i));
        }
      });
    }

    label(i, text) { sr.put(this.nodes[i], "aria-label", text); }
    show(layers) {
      this.shown = { ...this.shown, ...layers };
      for (const name of ["supply", "crossings", "airports"]) {
        this.groups[name].classList.toggle("gone", !this.shown[name]);
      }
    }
    remove() { this.layer.remove(); }
  };
})(supplyRoutes);
