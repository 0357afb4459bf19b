// The road network as SVG: casings, lines, patterns, marks and wide invisible hit lines.
"use strict";
(function (sr) {
  sr.STATES = ["open", "escort_only", "contested", "closed", "cut", "impassable"];
  sr.CLASS_WIDTH = { "national paved": 3, "national unpaved": 2.5, regional: 2.1, "desert track": 1.7,
    motorway: 3.6, primary: 3, secondary: 2.4, tertiary: 2, track: 1.5 };
  // A click may land this far from where it was meant.
  const ROUND = [[1.5, 0], [-1.5, 0], [0, 1.5], [0, -1.5], [1, 1], [1, -1], [-1, 1], [-1, -1]];
  const MARKS = {
    cut: "M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2", closed: "M-3.6 0H3.6",
    lost: "M-3.6 0H3.6", gained: "M-3.6 0H3.6M0 -3.6V3.6",
  };

  // Plain facts of a network's file, decoded: shared by the SVG and the canvas drawing.
  sr.readNetwork = function (data) {
    const rows = data.segments;
    const network = {
      ids: rows.map((row) => row[0]), from: rows.map((row) => row[1]), to: rows.map((row) => row[2]),
      km: rows.map((row) => row[3]), road: rows.map((row) => row[4]),
      roadClass: rows.map((row) => data.classes[row[5]]), basis: rows.map((row) => data.bases[row[6]]),
      tanker: rows.map((row) => data.tankers[row[7]]),
      lines: rows.map((row) => sr.decode(row[8], data.scale)),
      nodes: data.nodes.map((row) => ({
        id: row[0], name: row[1], kind: row[2], country: row[3], admin1: row[4], people: row[5],
        supply: row[6] === 1, town: row[7] === 1, lat: row[8], lon: row[9], at: sr.point(row[8], row[9]),
      })),
      bounds: data.bounds, home: data.home,
    };
    network.index = new Map(network.ids.map((id, i) => [id, i]));
    network.nodeIndex = new Map(network.nodes.map((node, i) => [node.id, i]));
    network.width = network.roadClass.map((name) => sr.CLASS_WIDTH[name] || 2.2);
    return network;
  };

  // The symbol drawn at a point of the frame, whatever invisible line lies above it.
  sr.symbolAt = function (x, y) {
    for (const node of document.elementsFromPoint(x, y)) {
      if (node.classList.contains("halo") || node.classList.contains("stem")) continue;
      const symbol = node.closest && node.closest(".town, .supply, .event, .finding");
      if (symbol) return symbol;
    }
    return null;
  };

  sr.zoomFactor = (zoom) => Math.max(0.72, Math.min(1.9, 0.9 + (zoom - 6) * 0.17));

  sr.SvgRoads = class {
    constructor(map, network, actions) {
      this.map = map;
      this.network = network;
      this.actions = actions;
      this.state = new Array(network.ids.length).fill("open");
      this.way = [];
      this.former = [];
      this.reach = matchMedia("(pointer: coarse)").matches ? 24 : 15;
      this.layer = new sr.Overlay("roads", (frame) => this.draw(frame));
      this.build();
      this.layer.addTo(map);
    }

    build() {
      const svg = this.layer.svg;
      const group = (name, attributes) =>
        svg.appendChild(sr.svg("g", { class: "r-" + name, ...attributes }));
      const g = { way: group("way"), casing: group("casings"), line: group("lines"),
        core: group("cores"), former: group("former"), mark: group("marks"),
        hit: group("hits", { role: "group" }) };
      for (const [name, node] of Object.entries(g)) {
        if (name !== "hit") node.setAttribute("aria-hidden", "true");
      }
      this.groups = g;
      this.hoverLine = svg.insertBefore(sr.svg("path", { class: "r-hover" }), g.casing);
      this.focusRing = svg.insertBefore(sr.svg("path", { class: "r-focus" }), g.casing);
      this.wayPath = g.way.appendChild(sr.svg("path", { class: "w-now" }));
      this.formerPath = g.former.appendChild(sr.svg("path", { class: "w-former" }));
      const n = this.network.ids.length;
      this.paths = { casing: [], line: [], core: [], hit: [], mark: new Array(n).fill(null) };
      for (let i = 0; i < n; i++) {
        const style = `--w:${this.network.width[i]}px`;
        for (const part of ["casing", "line", "core"]) {
          this.paths[part].push(g[part].appendChild(sr.svg("path", { class: "open", style })));
        }
        this.paths.hit.push(sr.svg("path", { class: "hit", tabindex: i ? -1 : 0, role: "button",
          "data-segment": this.network.ids[i], "data-i": i }));
      }
      this.listen(g.hit);
      this.above = new sr.Overlay("above", () => {}).addTo(this.map);
      this.groups.above = this.above.svg.appendChild(sr.svg("g", { class: "r-hits" }));
      this.listen(this.groups.above);
      this.settle = () => this.soon();
      this.map.on("moveend zoomend resize", this.settle);
    }

    listen(group) {
      // A pointer means the segment nearest to it; a key means the one that has the focus.
      const index = (event) => {
        const i = event.target.getAttribute && event.target.getAttribute("data-i");
        if (i === null || i === undefined) return -1;
        if (event.clientX === undefined || event.detail === 0 && event.type === "click") return Number(i);
        // A raised line lies above the symbols, and yet gives way to what it covers.
        const symbol = sr.symbolAt(event.clientX, event.clientY);
        if (!symbol) return this.nearest(event.clientX, event.clientY);
        if (event.type === "click" || event.type === "pointermove" && event.pointerType !== "touch") {
          L.DomEvent.stopPropagation(event);
          symbol.dispatchEvent(new PointerEvent(event.type === "click" ? "click" : "pointerenter",
            { bubbles: event.type === "click", detail: 1, clientX: event.clientX, clientY: event.clientY }));
        }
        return -1;
      };
      const handlers = {
        click: (i, event) => {
          L.DomEvent.stopPropagation(event);
          if (!this.map.dragging.moved() || event.detail === 0) this.actions.toggle(i, event);
        },
        dblclick: (i, event) => L.DomEvent.stop(event),
        pointermove: (i, event) => {
          if (event.pointerType === "touch") return;
          this.light(i);
          this.actions.hover(i, event);
        },
        pointerout: () => { this.light(-1); this.actions.leave(); },
        focusin: (i) => { this.ring(i); this.rove(i); this.actions.focus(i, this.middle(i)); },
        focusout: () => { this.ring(-1); this.actions.leave(); },
        keydown: (i, event) => this.key(i, event),
      };
      for (const [name, handler] of Object.entries(handlers)) {
        group.addEventListener(name, (event) => {
          const i = index(event);
          if (i >= 0) handler(i, event);
        });
      }
    }

    // The segment under a point of the frame. One too short to be seen counts as a little nearer,
    // or the town at its end would hide it for good.
    nearest(clientX, clientY) {
      const box = this.map.getContainer().getBoundingClientRect();
      const at = this.map.containerPointToLayerPoint([clientX - box.left, clientY - box.top]);
      let best = -1, least = Infinity;
      this.pixels.forEach((p, i) => {
        const share = Math.min(1, this.lengths[i] / 16), bonus = (1 - share) * 9.6;
        const away = sr.distance(p, at.x, at.y, least + bonus);
        const found = Math.max(away - bonus, away * (0.25 + 0.35 * share));
        if (found < least) { least = found; best = i; }
      });
      return best;
    }

    light(i) {
      if (i === this.lit) return;
      this.lit = i;
      this.hoverLine.setAttribute("d", i < 0 ? "" : this.paths.line[i].getAttribute("d"));
      this.hoverLine.style.setProperty("--w", i < 0 ? "0px" : this.network.width[i] + "px");
    }

    // One stop of the Tab key for all segments; the arrows go on to the nearest one that way.
    key(i, event) {
      if (event.key === "Enter" || event.key === " ") {
        L.DomEvent.stop(event);
        this.actions.toggle(i, event);
        return;
      }
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      L.DomEvent.stop(event);
      const next = this.neighbour(i, step);
      if (next >= 0) this.paths.hit[next].focus({ preventScroll: true });
    }

    neighbour(i, [sx, sy]) {
      const here = this.centres[i];
      let best = -1, least = Infinity;
      this.centres.forEach((at, j) => {
        const along = (at[0] - here[0]) * sx + (at[1] - here[1]) * sy;
        if (j === i || along <= 0.5) return;
        const across = Math.abs((at[0] - here[0]) * sy) + Math.abs((at[1] - here[1]) * sx);
        const cost = along + 2.2 * across;
        if (cost < least) { least = cost; best = j; }
      });
      return best;
    }

    rove(i) {
      if (this.roving !== undefined) this.paths.hit[this.roving].setAttribute("tabindex", -1);
      else this.paths.hit[0].setAttribute("tabindex", -1);
      this.roving = i;
      this.paths.hit[i].setAttribute("tabindex", 0);
    }

    ring(i) {
      this.ringed = i;
      this.focusRing.setAttribute("d", i < 0 ? "" : this.paths.line[i].getAttribute("d"));
      this.focusRing.style.setProperty("--w", i < 0 ? "0px" : this.network.width[i] + "px");
    }

    draw(frame) {
      const network = this.network, p = this.paths;
      this.layer.svg.style.setProperty("--zf", sr.zoomFactor(this.map.getZoom()));
      this.lengths = [];
      this.centres = [];
      this.pixels = network.lines.map((line) => sr.pixels(line, frame));
      this.light(-1);
      network.lines.forEach((line, i) => {
        const d = sr.path(line, frame, 1);
        p.casing[i].setAttribute("d", d);
        p.line[i].setAttribute("d", d);
        p.core[i].setAttribute("d", d);
        p.hit[i].setAttribute("d", d);
        const [x, y, length] = sr.midpoint(this.pixels[i]);
        this.centres.push([x, y]);
        this.lengths.push(length);
        p.hit[i].style.strokeWidth = this.hitWidth(i);
      });
      // Short segments lie on top, so that each has a place where a click reaches it.
      if (!this.ordered) {
        const order = network.ids.map((_, i) => i).sort((a, b) => this.lengths[b] - this.lengths[a]);
        this.groups.hit.append(...order.map((i) => p.hit[i]));
        this.ordered = true;
      }
      this.drawMarks();
      this.drawWays(frame);
      if (this.ringed >= 0) this.ring(this.ringed);
    }

    middle(i) { return this.centres[i]; }

    paint(i, state, difference) {
      const name = difference ? `${state} diff ${difference}` : state;
      if (this.state[i] === state && this.paths.line[i].getAttribute("class") === name) return;
      this.state[i] = state;
      for (const part of ["casing", "line", "core"]) this.paths[part][i].setAttribute("class", name);
      this.difference = this.difference || {};
      this.difference[i] = difference;
      this.mark(i);
    }

    mark(i) {
      const kind = (this.difference && this.difference[i]) || this.state[i];
      const wanted = MARKS[kind] && kind !== "same" &&
        (kind !== "closed" || this.lengths[i] > 30) && this.centres;
      const old = this.paths.mark[i];
      if (!wanted) {
        if (old) { old.remove(); this.paths.mark[i] = null; }
        return;
      }
      const mark = old || this.groups.mark.appendChild(sr.svg("g", {}, [
        sr.svg("circle", { r: 6.2 }), sr.svg("path", {})]));
      mark.setAttribute("class", "mark " + kind);
      mark.lastChild.setAttribute("d", MARKS[kind]);
      mark.setAttribute("transform", `translate(${this.centres[i].map((v) => v.toFixed(1))})`);
      this.paths.mark[i] = mark;
    }

    drawMarks() { this.state.forEach((_, i) => this.mark(i)); }

    drawWays(frame) {
      const f = frame || sr.frame(this.map);
      sr.put(this.wayPath, "d", this.way.map((i) => sr.path(this.network.lines[i], f)).join(""));
      const chain = sr.chain(this.network, this.former);
      sr.put(this.formerPath, "d", chain.length ? sr.beside(sr.pixels(chain, f), 6) : "");
    }

    setWays(way, former) {
      this.way = way;
      this.former = former;
      this.drawWays();
    }

    emphasise(indices) {
      const key = JSON.stringify(indices);
      if (key === this.emphasised) return;
      this.emphasised = key;
      const kept = indices && new Set(indices);
      this.network.ids.forEach((_, i) => {
        const dim = Boolean(kept) && !kept.has(i);
        for (const part of ["casing", "line", "core"]) this.paths[part][i].classList.toggle("dim", dim);
      });
    }

    label(i, text, pressed) {
      sr.put(this.paths.hit[i], "aria-label", text);
      sr.put(this.paths.hit[i], "aria-pressed", pressed);
    }

    name(text) { sr.put(this.groups.hit, "aria-label", text); }

    // Where symbols cover all of a segment, its hit line goes above them, narrow, so that both
    // the segment and the symbol can be clicked. Looked into when the map has come to rest.
    soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { this.lower(); this.check(0); }, 250);
    }

    // A few at a time, so that nobody waits for it.
    check(from) {
      const until = performance.now() + 8;
      let i = from;
      for (; i < this.network.ids.length && performance.now() < until; i++) {
        if (this.inView(i) && !this.spot(i).roomy) this.raise(i);
      }
      if (i < this.network.ids.length) this.timer = setTimeout(() => this.check(i), 12);
    }

    inView(i) {
      const at = this.map.layerPointToContainerPoint(this.centres[i]), size = this.map.getSize();
      return at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y;
    }

    raise(i) {
      const path = this.paths.hit[i];
      if (path === document.activeElement || path.parentNode === this.groups.above) return;
      path.style.strokeWidth = "10px";
      this.groups.above.append(path);
    }

    lower() {
      for (const path of [...this.groups.above.children]) {
        if (path === document.activeElement) continue;
        const i = Number(path.getAttribute("data-i"));
        path.style.strokeWidth = this.hitWidth(i);
        this.groups.hit.append(path);
      }
    }

    // A segment that all but vanishes at this zoom stays within reach of a finger.
    hitWidth(i) { return this.reach + Math.max(0, 16 - this.lengths[i]) + "px"; }

    // A point of the frame where a click reaches this segment and nothing else, or null; if it
    // can be, one with a little room around it.
    pixelOf(i) {
      const found = this.spot(i);
      if (found.roomy || !this.inView(i)) return found.at;
      this.raise(i);
      return this.spot(i).at || found.at;
    }

    spot(i) {
      const box = this.map.getContainer().getBoundingClientRect();
      const corner = this.map.containerPointToLayerPoint([0, 0]);
      const reaches = (x, y) => {
        const under = document.elementFromPoint(x + box.left, y + box.top);
        return under && under.classList.contains("hit") && !sr.symbolAt(x + box.left, y + box.top) &&
          this.nearest(x + box.left, y + box.top) === i;
      };
      let narrow = null;
      for (const [px, py] of this.spots(i)) {
        const x = Math.round(px - corner.x), y = Math.round(py - corner.y);
        if (!reaches(x, y)) continue;
        const room = ROUND.every(([dx, dy]) => reaches(x + dx, y + dy));
        if (room) return { at: { x, y }, roomy: true };
        narrow = narrow || { x, y };
      }
      return { at: narrow, roomy: false };
    }

    // Points on a segment from its middle outwards, then beside it, then round it.
    *spots(i) {
      const path = this.paths.hit[i], length = path.getTotalLength();
      const reach = parseFloat(path.style.strokeWidth) / 2 - 0.8;
      for (let aside = 0; aside < reach; aside += 1.5) {
        for (let k = 0; k <= 12; k++) {
          for (const sign of [1, -1]) {
            const s = length * (0.5 + sign * k / 24);
            const a = path.getPointAtLength(s), b = path.getPointAtLength(s + 0.5), c = path.getPointAtLength(s - 0.5);
            const run = Math.hypot(b.x - c.x, b.y - c.y) || 1, dx = (b.y - c.y) / run, dy = (b.x - c.x) / run;
            yield [a.x - aside * dx, a.y + aside * dy];
            if (aside) yield [a.x + aside * dx, a.y - aside * dy];
          }
        }
      }
      const [mx, my] = this.centres[i];
      for (let r = 4; r < reach; r += 1) {
        for (let k = 0; k < 24; k++) yield [mx + r * Math.cos(k * Math.PI / 12), my + r * Math.sin(k * Math.PI / 12)];
      }
    }

    remove() {
      clearTimeout(this.timer);
      this.map.off("moveend zoomend resize", this.settle);
      this.above.remove();
      this.layer.remove();
    }
  };

  // Distance from a point to a line of pixels; stops looking where it cannot beat `enough`.
  sr.distance = function (p, x, y, enough) {
    let least = Infinity;
    for (let i = 2; i < p.length; i += 2) {
      const ax = p[i - 2], ay = p[i - 1], bx = p[i], by = p[i + 1];
      if (Math.min(ax, bx) - enough > x || Math.max(ax, bx) + enough < x ||
        Math.min(ay, by) - enough > y || Math.max(ay, by) + enough < y) continue;
      const dx = bx - ax, dy = by - ay, run = dx * dx + dy * dy;
      const share = run ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / run)) : 0;
      least = Math.min(least, Math.hypot(x - ax - share * dx, y - ay - share * dy));
    }
    return least;
  };

  // Middle point and length of a line of pixels.
  sr.midpoint = function (p) {
    let length = 0;
    const steps = [];
    for (let i = 2; i < p.length; i += 2) {
      steps.push(Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]));
      length += steps[steps.length - 1];
    }
    let left = length / 2, at = 0;
    while (at < steps.length - 1 && left > steps[at]) left -= steps[at++];
    const share = steps[at] ? left / steps[at] : 0, i = at * 2;
    return [p[i] + (p[i + 2] - p[i]) * share, p[i + 1] + (p[i + 3] - p[i + 1]) * share, length];
  };

  // Segments in travelling order as one line of world coordinates.
  sr.chain = function (network, indices) {
    const out = [];
    indices.forEach((i, k) => {
      const line = network.lines[i], next = indices[k + 1], last = indices[k - 1];
      const meets = (j, node) => j !== undefined && (network.from[j] === node || network.to[j] === node);
      const turned = next !== undefined ? meets(next, network.from[i]) && !meets(next, network.to[i])
        : meets(last, network.to[i]) && !meets(last, network.from[i]);
      for (let q = 0; q < line.length; q += 2) {
        const at = turned ? line.length - 2 - q : q;
        out.push(line[at], line[at + 1]);
      }
    });
    return out;
  };

  // The same line of pixels shifted sideways, as path data.
  sr.beside = function (p, gap) {
    const kept = [p[0], p[1]];
    for (let i = 2; i < p.length; i += 2) {
      const n = kept.length;
      if (Math.hypot(p[i] - kept[n - 2], p[i + 1] - kept[n - 1]) > 3) kept.push(p[i], p[i + 1]);
    }
    let d = "";
    for (let i = 0; i < kept.length; i += 2) {
      const a = Math.max(0, i - 2), b = Math.min(kept.length - 2, i + 2);
      const dx = kept[b] - kept[a], dy = kept[b + 1] - kept[a + 1], run = Math.hypot(dx, dy) || 1;
      d += (i ? "L" : "M") + (kept[i] + gap * dy / run).toFixed(1) + " " +
        (kept[i + 1] - gap * dx / run).toFixed(1);
    }
    return d;
  };
})(supplyRoutes);
