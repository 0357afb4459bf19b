// Names, texts, geometry decoding and small DOM helpers shared by every part of the map.
"use strict";
var supplyRoutes = window.supplyRoutes = window.supplyRoutes || {};

(function (sr) {
  const SVG = "http://www.w3.org/2000/svg";

  // Node of the page with attributes; text is always set as text, never parsed.
  sr.el = function (tag, attributes, children) {
    const node = document.createElement(tag);
    return fill(node, attributes, children);
  };

  sr.svg = function (tag, attributes, children) {
    const node = document.createElementNS(SVG, tag);
    return fill(node, attributes, children);
  };

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") node.textContent = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of [].concat(children || [])) if (child) node.append(child);
    return node;
  }

  // Texts of the chosen language; a missing key shows itself rather than a blank.
  sr.texts = {};
  sr.t = function (key, values) {
    let message = sr.texts["map." + key];
    if (message === undefined) return key;
    if (Array.isArray(message)) {
      const one = sr.lang === "fr" ? values.n < 2 : values.n === 1;
      message = message[one ? 0 : message.length - 1];
    }
    return message.replace(/\{(\w+)\}/g, (whole, name) =>
      values && name in values ? String(values[name]) : whole);
  };
  sr.has = (key) => sr.texts["map." + key] !== undefined;

  // Making a number's form takes longer than all else that is done with one road.
  const forms = new Map();
  sr.number = function (value, decimals) {
    const key = sr.lang + (decimals || 0);
    if (!forms.has(key)) {
      forms.set(key, new Intl.NumberFormat(sr.lang === "fr" ? "fr-FR" : "en-GB",
        { maximumFractionDigits: decimals || 0 }));
    }
    return forms.get(key).format(value);
  };

  // Sets an attribute only where it differs: the browser need not look at what stays.
  sr.put = function (node, name, value) {
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  };

  const files = new Map();
  sr.json = function (url) {
    if (!files.has(url)) {
      files.set(url, fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(url + ": " + answer.status);
        return answer.json();
      }).catch((fault) => { files.delete(url); throw fault; }));
    }
    return files.get(url);
  };

  // Row numbers come as a list, or as base64 of a bit for each row where that is shorter.
  sr.rows = function (coded) {
    if (typeof coded !== "string") return coded || [];
    const bytes = atob(coded), rows = [];
    for (let i = 0; i < bytes.length * 8; i++) {
      if ((bytes.charCodeAt(i >> 3) >> (i & 7)) & 1) rows.push(i);
    }
    return rows;
  };

  // A line is a flat list of whole numbers: first longitude and latitude, then differences,
  // in units of 1/scale degree. It becomes Web Mercator coordinates on a world of side 1.
  sr.decode = function (flat, scale) {
    const out = new Float64Array(flat.length);
    let lon = 0, lat = 0;
    for (let i = 0; i < flat.length; i += 2) {
      lon += flat[i];
      lat += flat[i + 1];
      sr.mercator(lat / scale, lon / scale, out, i);
    }
    return out;
  };

  sr.mercator = function (lat, lon, out, at) {
    const sin = Math.sin(lat * Math.PI / 180);
    out[at] = lon / 360 + 0.5;
    out[at + 1] = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
    return out;
  };
  sr.point = (lat, lon) => sr.mercator(lat, lon, [0, 0], 0);

  // Pixels of world-unit coordinates at the map's zoom, relative to the map pane.
  sr.frame = function (map, zoom) {
    const z = zoom === undefined ? map.getZoom() : zoom;
    const origin = map.getPixelOrigin();
    return { k: 256 * Math.pow(2, z), x: origin.x, y: origin.y };
  };

  // SVG path data; points nearer than `gap` pixels to the last kept one are left out.
  sr.path = function (line, frame, gap, close) {
    const least = (gap === undefined ? 0.8 : gap) ** 2;
    const n = line.length;
    let d = "", px = NaN, py = NaN;
    for (let i = 0; i < n; i += 2) {
      const x = line[i] * frame.k - frame.x, y = line[i + 1] * frame.k - frame.y;
      const dx = x - px, dy = y - py;
      if (i > 0 && i < n - 2 && dx * dx + dy * dy < least) continue;
      d += (i ? "L" : "M") + x.toFixed(1) + " " + y.toFixed(1);
      px = x;
      py = y;
    }
    return close ? d + "Z" : d;
  };

  sr.paths = (lines, frame, gap, close) =>
    lines.map((line) => sr.path(line, frame, gap, close)).join("");

  sr.pixels = function (line, frame) {
    const out = new Float64Array(line.length);
    for (let i = 0; i < line.length; i += 2) {
      out[i] = line[i] * frame.k - frame.x;
      out[i + 1] = line[i + 1] * frame.k - frame.y;
    }
    return out;
  };

  // Straight-line distance in km between two points (spherical earth, 6371 km).
  sr.km = function (a, b) {
    const rad = Math.PI / 180;
    const h = Math.sin((b.lat - a.lat) * rad / 2) ** 2 +
      Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin((b.lng - a.lng) * rad / 2) ** 2;
    return 12742 * Math.asin(Math.sqrt(h));
  };

  sr.httpUrl = (url) => typeof url === "string" && /^https?:\/\//i.test(url) ? url : null;

  // An SVG that stays glued to the map: its parts give draw(frame), called when the zoom changes.
  sr.Overlay = L.Layer.extend({
    initialize: function (pane, draw) {
      this.options = { pane: pane };
      this._draw = draw;
      this.svg = sr.svg("svg", { class: "leaflet-zoom-animated sr-svg", focusable: "false" });
    },
    onAdd: function () {
      this.getPane().appendChild(this.svg);
      this.redraw();
    },
    onRemove: function () { this.svg.remove(); },
    getEvents: function () {
      const events = { viewreset: this.redraw, zoomend: this.redraw };
      if (this._zoomAnimated) events.zoomanim = this._animate;
      return events;
    },
    redraw: function () {
      if (!this._map || !this._map._loaded) return;
      this._zoom = this._map.getZoom();
      this._origin = this._map.getPixelOrigin();
      L.DomUtil.setTransform(this.svg, L.point(0, 0), 1);
      this._draw(sr.frame(this._map));
    },
    _animate: function (event) {
      const scale = this._map.getZoomScale(event.zoom, this._zoom);
      const origin = this._map._getNewPixelOrigin(event.center, event.zoom);
      L.DomUtil.setTransform(this.svg, this._origin.multiplyBy(scale).subtract(origin), scale);
    },
  });
})(supplyRoutes);

// The base map, drawn from our own polygons and lines: no tiles, no other host.
"use strict";
(function (sr) {
  sr.BaseMap = class {
    constructor(map, data, actions) {
      this.map = map;
      this.actions = actions;
      const scale = data.scale;
      const lines = (list) => list.map((line) => sr.decode(line, scale));
      this.land = lines(data.land);
      this.focus = lines(data.focus);
      this.lakes = data.lakes.map((lake) => ({ ...lake, lines: lines(lake.rings) }));
      this.lines = {
        coast: lines(data.borders.coast), border: lines(data.borders.inter),
        "border focus": lines(data.borders.focus), region: lines(data.borders.regions),
      };
      this.rivers = data.rivers.map((river) => ({ ...river, lines: lines(river.lines) }));
      this.railways = data.rail.map((part) => ({ ...part, lines: lines(part.lines) }));
      this.rail = this.railways.flatMap((part) => part.lines);
      this.countries = data.countries;
      this.regions = data.regions;
      this.airports = data.airports.map((place) => ({ ...place, at: sr.point(place.lat, place.lon) }));
      this.layer = new sr.Overlay("land", (frame) => this.draw(frame));
      this.build();
      this.layer.addTo(map);
    }

    build() {
      const svg = this.layer.svg;
      svg.setAttribute("aria-hidden", "true");
      const add = (name) => svg.appendChild(sr.svg("path", { class: "b-" + name.replace(" ", " b-") }));
      this.parts = { graticule: null };
      for (const name of ["shore", "land", "focus", "region", "river", "lake", "coast", "border",
        "border focus", "rail", "rail ties", "graticule"]) {
        this.parts[name] = add(name);
      }
      for (const part of this.railways) {
        part.hit = svg.appendChild(sr.svg("path", { class: "b-rail-hit" }));
        part.hit.addEventListener("pointermove", (event) =>
          this.actions.tip(sr.railwayTip(part), event.clientX, event.clientY));
        part.hit.addEventListener("pointerleave", () => this.actions.leave());
      }
      this.parts.minor = svg.insertBefore(sr.svg("path", { class: "b-river b-minor" }), this.parts.river);
    }

    draw(frame) {
      const p = this.parts;
      const set = (name, d) => p[name].setAttribute("d", d);
      const land = sr.paths(this.land, frame, 0.8, true);
      set("land", land);
      set("shore", sr.paths(this.lines.coast, frame));
      set("focus", sr.paths(this.focus, frame, 0.8, true));
      set("lake", this.lakes.map((lake) => sr.paths(lake.lines, frame, 0.6, true)).join(""));
      for (const name of ["coast", "border", "border focus", "region"]) {
        set(name, sr.paths(this.lines[name], frame));
      }
      const rivers = (major) => this.rivers.filter((river) => river.rank <= 2 === major)
        .map((river) => sr.paths(river.lines, frame)).join("");
      set("river", rivers(true));
      set("minor", rivers(false));
      const rail = sr.paths(this.rail, frame, 2);
      set("rail", rail);
      set("rail ties", rail);
      for (const part of this.railways) part.hit.setAttribute("d", sr.paths(part.lines, frame, 3));
      this.graticule(frame);
    }

    // Parallels and meridians every 5 degrees while the whole country is in view.
    graticule(frame) {
      const low = this.map.getZoom() < 6.6;
      let d = "";
      if (low) {
        const at = this.map.getCenter(), fives = (value) => 5 * Math.round(value / 5);
        const [lat0, lon0] = [fives(at.lat), fives(at.lng)];
        const south = Math.max(-80, lat0 - 35), north = Math.min(80, lat0 + 35);
        for (let lon = lon0 - 45; lon <= lon0 + 45; lon += 5) d += this.arc([[south, lon], [north, lon]], frame);
        for (let lat = south; lat <= north; lat += 5) d += this.arc([[lat, lon0 - 45], [lat, lon0 + 45]], frame);
      }
      this.parts.graticule.setAttribute("d", d);
    }

    remove() { this.layer.remove(); }

    arc(ends, frame) {
      return ends.map(([lat, lon], i) => {
        const [x, y] = sr.point(lat, lon);
        return (i ? "L" : "M") + (x * frame.k - frame.x).toFixed(1) + " " +
          (y * frame.k - frame.y).toFixed(1);
      }).join("");
    }
  };
})(supplyRoutes);

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

// The road network on a canvas, for networks too large for a page of SVG. The same face as
// SvgRoads; hits are found by a grid, and lines are thinned by zoom.
"use strict";
(function (sr) {
  const CELL = 64;
  const DASH = { closed: [9, 5], cut: [1.5, 5], impassable: [1.5, 4], contested: [7, 3], escort_only: [] };
  const ORDER = ["impassable", "open", "contested", "escort_only", "closed", "cut"];

  sr.CanvasRoads = class {
    constructor(map, network, actions) {
      Object.assign(this, { map, network, actions, way: [], former: [], kept: null, lit: -1, stale: [] });
      this.state = new Array(network.ids.length).fill("open");
      this.difference = {};
      this.reach = matchMedia("(pointer: coarse)").matches ? 14 : 9;
      this.boxes = this.measure();
      this.canvas = sr.el("canvas", { class: "leaflet-zoom-animated sr-canvas" });
      map.getPane("roads").appendChild(this.canvas);
      this.pen = this.canvas.getContext("2d");
      this.listeners = { moveend: () => this.draw(), zoomanim: (event) => this.animate(event),
        resize: () => this.draw(), mousemove: (event) => this.move(event), mouseout: () => this.light(-1),
        click: (event) => this.click(event) };
      map.on(this.listeners);
      if (map._loaded) this.draw();
    }

    // World box of each segment, four numbers a row.
    measure() {
      const boxes = new Float64Array(this.network.ids.length * 4);
      this.network.lines.forEach((line, i) => {
        let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
        for (let q = 0; q < line.length; q += 2) {
          x0 = Math.min(x0, line[q]); x1 = Math.max(x1, line[q]);
          y0 = Math.min(y0, line[q + 1]); y1 = Math.max(y1, line[q + 1]);
        }
        boxes.set([x0, y0, x1, y1], i * 4);
      });
      return boxes;
    }

    colours() {
      const style = getComputedStyle(this.map.getContainer());
      const found = {};
      for (const name of ["casing", "way", "former", "ink", "lost", "gained"]) {
        found[name] = style.getPropertyValue("--" + name).trim();
      }
      for (const name of sr.STATES) found[name] = style.getPropertyValue("--" + name.replace("_only", "")).trim();
      return found;
    }

    draw() {
      const size = this.map.getSize(), ratio = window.devicePixelRatio || 1;
      this.canvas.width = size.x * ratio;
      this.canvas.height = size.y * ratio;
      this.canvas.style.width = size.x + "px";
      this.canvas.style.height = size.y + "px";
      this.corner = this.map.containerPointToLayerPoint([0, 0]);
      this.zoom = this.map.getZoom();
      this.centre = this.map.getCenter();
      L.DomUtil.setTransform(this.canvas, this.corner, 1);
      this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      const frame = sr.frame(this.map);
      this.frame = { k: frame.k, x: frame.x + this.corner.x, y: frame.y + this.corner.y };
      this.collect(size);
      this.paintAll();
    }

    // Segments in view, their thinned pixels and the grid that finds them again.
    collect(size) {
      const { k, x, y } = this.frame, b = this.boxes, margin = 20;
      this.seen = [];
      this.pixels = new Map();
      this.grid = new Map();
      for (let i = 0; i < this.network.ids.length; i++) {
        if (b[4 * i + 2] * k - x < -margin || b[4 * i] * k - x > size.x + margin ||
          b[4 * i + 3] * k - y < -margin || b[4 * i + 1] * k - y > size.y + margin) continue;
        this.seen.push(i);
        const line = this.thin(this.network.lines[i]);
        this.pixels.set(i, line);
        for (let q = 2; q < line.length; q += 2) this.enter(i, line, q);
      }
    }

    thin(line) {
      const { k, x, y } = this.frame, out = [];
      let px = NaN, py = NaN;
      for (let q = 0; q < line.length; q += 2) {
        const nx = line[q] * k - x, ny = line[q + 1] * k - y;
        if (q > 0 && q < line.length - 2 && Math.abs(nx - px) + Math.abs(ny - py) < 1.5) continue;
        out.push(nx, ny);
        px = nx; py = ny;
      }
      return out;
    }

    enter(i, p, q) {
      const x0 = Math.floor(Math.min(p[q - 2], p[q]) / CELL), x1 = Math.floor(Math.max(p[q - 2], p[q]) / CELL);
      const y0 = Math.floor(Math.min(p[q - 1], p[q + 1]) / CELL), y1 = Math.floor(Math.max(p[q - 1], p[q + 1]) / CELL);
      if ((x1 - x0) * (y1 - y0) > 4000) return;
      for (let cx = x0; cx <= x1; cx++) {
        for (let cy = y0; cy <= y1; cy++) {
          const key = cx * 65536 + cy, cell = this.grid.get(key);
          if (!cell) this.grid.set(key, [i]);
          else if (cell[cell.length - 1] !== i) cell.push(i);
        }
      }
    }

    // All lines of one look in one stroke: twenty thousand segments take a few dozen strokes.
    // With a region, a box of pixels, only what lies in it is drawn anew.
    paintAll(region) {
      if (!this.frame) return;
      const pen = this.pen, size = this.map.getSize(), colour = this.colours();
      const box = region || [0, 0, size.x, size.y], seen = region ? this.within(region) : this.seen;
      pen.save();
      pen.beginPath();
      pen.rect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
      pen.clip();
      pen.clearRect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
      pen.lineJoin = "round";
      this.paintLines(seen, colour, sr.zoomFactor(this.zoom) * (this.seen.length > 4000 ? 0.55 : 0.85));
      this.crosses(seen, colour);
      pen.restore();
    }

    within([x0, y0, x1, y1]) {
      const found = new Set();
      for (let cx = Math.floor(x0 / CELL); cx <= Math.floor(x1 / CELL); cx++) {
        for (let cy = Math.floor(y0 / CELL); cy <= Math.floor(y1 / CELL); cy++) {
          for (const i of this.grid.get(cx * 65536 + cy) || []) found.add(i);
        }
      }
      return [...found];
    }

    paintLines(seen, colour, factor) {
      const looks = new Map();
      for (const i of seen) {
        const dim = this.kept && !this.kept.has(i) || this.difference[i] === "same";
        const key = `${this.state[i]}|${this.network.width[i]}|${dim ? 1 : 0}`;
        if (!looks.has(key)) looks.set(key, new Path2D());
        this.trace(looks.get(key), this.pixels.get(i));
      }
      this.highlight(this.way, colour.way, 9 * factor, 0.4);
      const sorted = [...looks].map(([key, path]) => [...key.split("|"), path])
        .sort((a, b) => ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]));
      for (const [state, width, dim, path] of this.seen.length < 4000 ? sorted : []) {
        if (state === "impassable") continue;
        this.stroke(path, colour.casing, (Number(width) + 2.4) * factor, [], dim === "1" ? 0.2 : 1);
      }
      for (const [state, width, dim, path] of sorted) {
        const more = state === "open" ? 0 : 1.4, alpha = dim === "1" ? 0.2 : 1;
        this.stroke(path, colour[state], (Number(width) + more) * factor, DASH[state] || [], alpha);
        if (state === "escort_only") this.stroke(path, colour.casing, Number(width) * factor * 0.5, [], alpha);
      }
      for (const kind of ["lost", "gained"]) {
        this.highlight(seen.filter((i) => this.difference[i] === kind), colour[kind], 8 * factor, 0.45);
      }
      this.highlight(this.former, colour.former, 1.6, 1, [6, 4]);
      if (this.lit >= 0) this.highlight([this.lit], colour.ink, 9 * factor, 0.3);
    }

    trace(path, p) {
      path.moveTo(p[0], p[1]);
      for (let q = 2; q < p.length; q += 2) path.lineTo(p[q], p[q + 1]);
    }

    stroke(path, colour, width, dash, alpha) {
      const pen = this.pen;
      pen.globalAlpha = alpha;
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.lineCap = dash.length ? "butt" : "round";
      pen.setLineDash(dash);
      pen.stroke(path);
      pen.globalAlpha = 1;
    }

    highlight(indices, colour, width, alpha, dash) {
      const path = new Path2D();
      let any = false;
      for (const i of indices) if (this.pixels.has(i)) { this.trace(path, this.pixels.get(i)); any = true; }
      if (any) this.stroke(path, colour, width, dash || [], alpha);
    }

    crosses(seen, colour) {
      const pen = this.pen;
      for (const i of seen) {
        if (this.state[i] !== "cut") continue;
        const [x, y] = sr.midpoint(this.pixels.get(i));
        const disc = new Path2D(), cross = new Path2D();
        disc.arc(x, y, 6.2, 0, 7);
        pen.fillStyle = colour.casing;
        pen.fill(disc);
        this.stroke(disc, colour.cut, 1.6, [], 1);
        for (const s of [1, -1]) { cross.moveTo(x - 3.2, y - 3.2 * s); cross.lineTo(x + 3.2, y + 3.2 * s); }
        this.stroke(cross, colour.cut, 2, [], 1);
      }
    }

    animate(event) {
      const scale = this.map.getZoomScale(event.zoom, this.zoom);
      const corner = this.map.project(this.map.unproject(this.corner.add(this.map.getPixelOrigin()), this.zoom), event.zoom)
        .subtract(this.map._getNewPixelOrigin(event.center, event.zoom));
      L.DomUtil.setTransform(this.canvas, corner, scale);
    }

    at(point) {
      const cell = (x, y) => this.grid.get(Math.floor(x / CELL) * 65536 + Math.floor(y / CELL)) || [];
      const near = new Set(), r = this.reach;
      for (const [dx, dy] of [[0, 0], [r, r], [r, -r], [-r, r], [-r, -r]]) {
        for (const i of cell(point.x + dx, point.y + dy)) near.add(i);
      }
      let best = -1, least = r;
      for (const i of near) {
        const found = sr.distance(this.pixels.get(i), point.x, point.y, least);
        if (found < least) { least = found; best = i; }
      }
      return best;
    }

    move(event) {
      const i = this.at(event.containerPoint);
      this.map.getContainer().style.cursor = i < 0 ? "" : "pointer";
      this.light(i);
      if (i < 0) this.actions.leave();
      else this.actions.hover(i, event.originalEvent);
    }

    light(i) {
      if (i === this.lit) return;
      const last = this.lit;
      this.lit = i;
      for (const one of [last, i]) if (one >= 0 && this.pixels.has(one)) this.paintAll(this.room(one));
      if (i < 0) this.actions.leave();
    }

    click(event) {
      const i = this.at(event.containerPoint);
      if (i >= 0) this.actions.toggle(i, event.originalEvent);
    }

    paint(i, state, difference) {
      if (this.state[i] === state && this.difference[i] === difference) return;
      this.state[i] = state;
      this.difference[i] = difference;
      this.stale.push(i);
    }

    // Draw what changed: a few segments one by one, many or a change of look all at once.
    flush() {
      const theme = this.map.getContainer().dataset.theme;
      const look = JSON.stringify([this.way, this.former, this.kept && [...this.kept], theme]);
      if (look !== this.look || this.stale.length > 60) this.paintAll();
      else for (const i of this.stale) if (this.pixels.has(i)) this.paintAll(this.room(i));
      this.look = look;
      this.stale = [];
    }

    room(i) {
      const p = this.pixels.get(i), box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let q = 0; q < p.length; q += 2) {
        box[0] = Math.min(box[0], p[q]); box[2] = Math.max(box[2], p[q]);
        box[1] = Math.min(box[1], p[q + 1]); box[3] = Math.max(box[3], p[q + 1]);
      }
      return [box[0] - 12, box[1] - 12, box[2] + 12, box[3] + 12];
    }

    setWays(way, former) { this.way = way; this.former = former; }
    emphasise(indices) { this.kept = indices ? new Set(indices) : null; }
    label() {}
    name() {}

    middle(i) {
      const line = this.network.lines[i], q = 2 * Math.floor(line.length / 4), frame = sr.frame(this.map);
      return [line[q] * frame.k - frame.x, line[q + 1] * frame.k - frame.y];
    }

    pixelOf(i) {
      const p = this.pixels.get(i), size = this.map.getSize();
      if (!p) return null;
      for (let q = 2; q < p.length; q += 2) {
        for (const share of [0.5, 0.25, 0.75, 0.1, 0.9]) {
          const x = Math.round(p[q - 2] + (p[q] - p[q - 2]) * share);
          const y = Math.round(p[q - 1] + (p[q + 1] - p[q - 1]) * share);
          if (x < 0 || y < 0 || x > size.x || y > size.y || this.at({ x, y }) !== i) continue;
          const box = this.map.getContainer().getBoundingClientRect();
          const under = document.elementFromPoint(x + box.left, y + box.top);
          if (under === this.map.getContainer() || under === this.canvas) return { x, y };
        }
      }
      return null;
    }

    remove() {
      this.map.off(this.listeners);
      this.canvas.remove();
    }
  };
})(supplyRoutes);

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

// Labels that never overlap: placed one after the other by rank, anew after each move.
"use strict";
(function (sr) {
  const SIDES = [[1, 0, 0], [1, -0.75, 1.2], [1, 0.75, 1.4], [-1, 0, 2], [-1, -0.75, 2.6],
    [-1, 0.75, 2.8], [0, -1, 2.2], [0, 1, 2.4]];
  const FONT = '"Segoe UI", "Noto Sans", "Helvetica Neue", Arial, "Liberation Sans", sans-serif';

  sr.Labels = class {
    constructor(map, base) {
      this.map = map;
      this.base = base;
      this.chosen = new Map();
      this.widths = new Map();
      this.written = new Map();
      this.serial = new XMLSerializer();
      this.pen = document.createElement("canvas").getContext("2d");
      this.layer = new sr.Overlay("labels", () => {}).addTo(map);
      this.layer.svg.setAttribute("aria-hidden", "true");
      this.group = this.layer.svg.appendChild(sr.svg("g"));
      map.on("zoomstart", () => this.group.classList.add("gone"));
      map.on("moveend zoomend resize", () => this.soon());
    }

    // Several reasons to place labels in one frame cost one placing.
    soon() {
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.place(); });
    }

    use(network, places, events) {
      Object.assign(this, { network, places, events });
      this.soon();
    }

    width(text, size, weight, spacing) {
      const font = `${weight} ${size}px ${FONT}`, key = font + text;
      if (!this.widths.has(key)) {
        this.pen.font = font;
        this.widths.set(key, this.pen.measureText(text).width);
      }
      return this.widths.get(key) + (spacing || 0) * text.length;
    }

    place() {
      if (!this.map._loaded) return;
      const size = this.map.getSize();
      if (!size.x || !size.y) return;
      this.zoom = this.map.getZoom();
      this.size = size;
      this.shift = this.map.containerPointToLayerPoint([0, 0]);
      this.symbols = [];
      this.boxes = this.obstacles();
      this.out = [];
      this.busy = this.occupied();
      const towns = this.townLabels();
      const great = towns.filter((label) => label.rank >= 2.5), small = towns.filter((label) => label.rank < 2.5);
      great.forEach((label) => this.beside(label));
      if (this.base) this.countries();
      small.forEach((label) => this.beside(label));
      if (this.base) {
        this.regions();
        this.rivers();
        this.lakes();
        this.degrees();
      }
      this.exchange();
      this.group.classList.remove("gone");
    }

    // A label that stays where it was stays in the page: drawing text anew is slow.
    exchange() {
      const kept = new Map();
      for (const node of this.out) {
        const key = this.serial.serializeToString(node);
        kept.set(key, this.written.get(key) || this.group.appendChild(node));
        this.written.delete(key);
      }
      for (const node of this.written.values()) node.remove();
      this.written = kept;
    }

    obstacles() {
      const map = this.map.getContainer().getBoundingClientRect(), boxes = [];
      for (const node of this.map.getContainer().querySelectorAll(".sr-panel, .leaflet-control, .sr-credit")) {
        const box = node.getBoundingClientRect();
        if (box.width) {
          boxes.push([box.left - map.left - 4, box.top - map.top - 4, box.right - map.left + 4,
            box.bottom - map.top + 4]);
        }
      }
      const spots = this.events && this.events.visible ? this.events.spots : [];
      this.spots = spots.map(([x, y, r]) => [x - this.shift.x - r, y - this.shift.y - r, x - this.shift.x + r,
        y - this.shift.y + r]);
      return boxes;
    }

    // Cells of 6 px that a road or a symbol lies on: labels shun them where they can.
    occupied() {
      const frame = sr.frame(this.map), { x, y } = this.shift, key = [x, y, ...Object.values(frame)].join();
      if (this.network === this.busyOf && key === this.busyAt) return this.busy;
      Object.assign(this, { busyOf: this.network, busyAt: key });
      const cells = new Set();
      if (!this.network || this.network.ids.length > 3000) return cells;
      for (const line of this.network.lines) {
        const p = sr.pixels(line, frame);
        for (let i = 2; i < p.length; i += 2) {
          const steps = Math.ceil(Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]) / 5);
          if (steps > 400) continue;
          for (let s = 0; s <= steps; s++) {
            const px = p[i - 2] + (p[i] - p[i - 2]) * s / steps - x;
            const py = p[i - 1] + (p[i + 1] - p[i - 1]) * s / steps - y;
            cells.add((Math.floor(px / 6) << 12) + Math.floor(py / 6));
          }
        }
      }
      return cells;
    }

    roadCost([x0, y0, x1, y1]) {
      let n = 0;
      for (let x = Math.floor(x0 / 6); x <= Math.floor(x1 / 6); x++) {
        for (let y = Math.floor(y0 / 6); y <= Math.floor(y1 / 6); y++) n += this.busy.has((x << 12) + y);
      }
      return n;
    }

    free(box, margin, boldly) {
      const m = margin === undefined ? 3 : margin;
      if (box[0] < m || box[1] < m || box[2] > this.size.x - m || box[3] > this.size.y - m) return false;
      const meets = (other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1];
      return !this.boxes.some(meets) && (boldly || !(this.spots.some(meets) || this.symbols.some(meets)));
    }

    townLabels() {
      const { network, places, zoom } = this;
      if (!network) return [];
      const labels = [];
      this.supply = [];
      network.nodes.forEach((node, i) => {
        const [lx, ly] = places.pixel[i], x = lx - this.shift.x, y = ly - this.shift.y;
        if (x < -5 || y < -5 || x > this.size.x + 5 || y > this.size.y + 5) return;
        if (!places.nodes[i]) return;
        const state = places.states[i] || "open";
        const symbol = places.nodes[i].getAttribute("class");
        const r = node.town ? places.radius(node) : node.supply ? 8 : 3;
        if (node.supply && places.shown.supply) this.supply.push({ i, x, y });
        if (!(node.supply && !places.shown.supply)) {
          this.symbols.push([x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8]);
        }
        const label = this.rank(node, state, symbol, zoom);
        if (label) labels.push({ ...label, i, x, y, r, text: node.name, state });
      });
      return labels.sort((a, b) => b.rank - a.rank || b.people - a.people);
    }

    rank(node, state, symbol, zoom) {
      const people = node.people || 0;
      if (node.town) {
        const marked = symbol.includes("chosen") ? 3 : symbol.includes("new") || symbol.includes("lost") ? 1.2 : 0;
        const least = zoom < 5.2 ? 90000 : zoom < 5.8 ? 40000 : zoom < 6.6 ? 15000 : 0;
        if (!marked && people < least) return null;
        const grade = people > 300000 ? 3 : people > 60000 ? 2 : people > 15000 ? 1.5 : 1;
        return { rank: grade + marked, people, kind: "town", grade,
          size: grade >= 3 ? 14 : grade >= 2 ? 12.5 : 11.5, weight: grade >= 3 ? 700 : grade >= 2 ? 600 : 500 };
      }
      if (node.supply) {
        if (!this.places.shown.supply) return null;
        return { rank: 2.8, people, kind: "supply", size: 12, weight: 600 };
      }
      if (node.kind === "border_crossing") {
        if (zoom < 6.8 || !this.places.shown.crossings) return null;
        return { rank: 0.8, people, kind: "crossing", size: 11, weight: 500 };
      }
      if (node.kind === "junction" || zoom < (people > 900000 ? 4.5 : 6.2)) return null;
      return { rank: people > 900000 ? 1.6 : 0.9, people, kind: "abroad", size: 11.5, weight: 500 };
    }

    // A port's name nearer to another port than to its own is worse than none: its tip has it.
    misleads(box, label) {
      if (label.kind !== "supply") return false;
      const far = (p) => Math.hypot(Math.max(box[0] - p.x, 0, p.x - box[2]), Math.max(box[1] - p.y, 0, p.y - box[3]));
      const own = far(label);
      return this.supply.some((other) => other.i !== label.i && far(other) < own + 5);
    }

    // Boldly: over symbols of events, for a name the map cannot do without.
    beside(label, boldly) {
      const width = this.width(label.text, label.size, label.weight), height = label.size * 1.12;
      let best = null, least = Infinity;
      SIDES.forEach(([sx, sy, taste], side) => {
        const gap = label.r + 3;
        const cx = label.x + sx * (gap + width / 2) * (sx && sy ? 0.96 : 1);
        const cy = label.y + sy * (gap + height * 0.45);
        const box = [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
        if (!this.free(box, 3, boldly) || this.misleads(box, label)) return;
        const kept = this.chosen.get(label.i) === side ? -1.5 : 0;
        const cost = taste + 0.8 * this.roadCost(box) + kept;
        if (cost < least) { least = cost; best = { box, side, cx, cy }; }
      });
      if (!best && label.rank >= 2.5 && !boldly) { this.beside(label, true); return; }
      if (!best) { this.chosen.delete(label.i); return; }
      this.chosen.set(label.i, best.side);
      this.write(label.text, best.cx, best.cy + label.size * 0.34, label.size, label.weight,
        `l-${label.kind} ${label.kind === "town" ? label.state : ""}`, best.box);
    }

    write(text, x, y, size, weight, name, box, spacing) {
      const node = sr.svg("text", { x: (x + this.shift.x).toFixed(1), y: (y + this.shift.y).toFixed(1),
        "font-size": size, "font-weight": weight, class: name, text, "text-anchor": "middle" });
      if (spacing) {
        node.setAttribute("letter-spacing", spacing);
        node.setAttribute("dx", spacing / 2);
      }
      this.out.push(node);
      if (box) this.boxes.push(box);
    }

    countries() {
      const frame = sr.frame(this.map);
      for (const country of this.base.countries) {
        const focus = country.focus, zoom = this.zoom;
        if (zoom > (focus ? 7.2 : 8.5)) continue;
        const text = (country.name[sr.lang] || country.name.en).toUpperCase();
        const size = focus ? Math.min(21, 15 + (zoom - 5) * 3) : Math.min(13.5, 9.6 + (zoom - 4.5) * 1.5);
        if (size < 8.5) continue;
        const full = size * (focus ? 0.55 : 0.22);
        this.spread(country.anchors, text, size, focus ? 500 : 600, [full, full * 0.45],
          "l-country" + (focus ? " focus" : ""), frame, focus ? 0.8 : 0.62);
      }
    }

    regions() {
      if (this.zoom < 5.6 || this.zoom > 8.4) return;
      const frame = sr.frame(this.map);
      for (const region of this.base.regions) {
        const text = (region.name[sr.lang] || region.name.en).toUpperCase();
        this.spread(region.anchors, text, 10.5, 500, [2.6, 1.2], "l-region", frame, 0.9);
      }
    }

    // A name with spaced letters at the roomiest of its anchors where it meets no other label.
    spread(anchors, text, size, weight, spacings, name, frame, fill) {
      let best = null, most = -Infinity;
      for (const spacing of spacings) {
        const width = this.width(text, size, weight, spacing), height = size * 1.2;
        for (const [lat, lon, room] of anchors) {
          const [wx, wy] = sr.point(lat, lon);
          const x = wx * frame.k - frame.x - this.shift.x, y = wy * frame.k - frame.y - this.shift.y;
          const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
          const reach = room * frame.k / 360;
          if (width > 2 * reach / fill || !this.free(box, 6)) continue;
          const score = Math.min(reach, 160) + spacing * 3 - 7 * this.roadCost(box) +
            (x > 0.15 * this.size.x && x < 0.85 * this.size.x ? 15 : 0);
          if (score > most) { most = score; best = { box, x, y, spacing }; }
        }
      }
      if (best) this.write(text, best.x, best.y + size * 0.35, size, weight, name, best.box, best.spacing);
    }

    rivers() {
      const frame = sr.frame(this.map);
      const many = this.zoom > 6.5;
      for (const river of this.base.rivers) {
        if (!river.name || (river.rank > 1 && this.zoom < 5.6) || (river.rank > 2 && this.zoom < 6.8)) continue;
        const text = river.name[sr.lang] || river.name.en;
        const size = river.rank === 1 ? 12 : 11, width = this.width(text, size, 500, 1.2);
        const found = [];
        for (const line of river.lines) found.push(...this.stretches(sr.pixels(line, frame), width * 1.12 + 26));
        found.sort((a, b) => b.score - a.score);
        const kept = [];
        for (const stretch of found) {
          if (kept.length >= (many ? 3 : 2)) break;
          if (kept.some((other) => Math.hypot(other.x - stretch.x, other.y - stretch.y) < 420)) continue;
          const boxes = this.riverBoxes(stretch, size);
          if (!boxes.every((box) => this.free(box, 2))) continue;
          kept.push(stretch);
          this.boxes.push(...boxes);
          this.along(text, stretch, size);
        }
      }
    }

    // Stretches of a line long enough for a name, the straighter the better.
    stretches(p, need) {
      const found = [], { x: sx, y: sy } = this.shift;
      const at = [0];
      for (let i = 2; i < p.length; i += 2) {
        at.push(at[at.length - 1] + Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]));
      }
      const total = at[at.length - 1];
      const spot = (s) => {
        let i = 0;
        while (i < at.length - 2 && at[i + 1] < s) i++;
        const share = (s - at[i]) / (at[i + 1] - at[i] || 1);
        return [p[2 * i] + (p[2 * i + 2] - p[2 * i]) * share, p[2 * i + 1] + (p[2 * i + 3] - p[2 * i + 1]) * share];
      };
      const step = Math.max(24, need / 5);
      for (let s = 0; s + need < total && found.length < 400; s += step) {
        const middle = spot(s + need / 2), cx = middle[0] - sx, cy = middle[1] - sy;
        if (cx < 0 || cy < 0 || cx > this.size.x || cy > this.size.y) continue;
        const points = [];
        for (let q = 0; q <= 8; q++) points.push(spot(s + need * q / 8));
        const chord = Math.hypot(points[8][0] - points[0][0], points[8][1] - points[0][1]);
        const straight = chord / need;
        if (straight < 0.86) continue;
        const smooth = points.map((_, q) => {
          const near = points.slice(Math.max(0, q - 2), q + 3);
          return [near.reduce((sum, v) => sum + v[0], 0) / near.length,
            near.reduce((sum, v) => sum + v[1], 0) / near.length];
        });
        if (smooth[8][0] < smooth[0][0]) smooth.reverse();
        const flat = Math.abs(smooth[8][0] - smooth[0][0]) / (chord || 1);
        const cost = smooth.reduce((sum, [x, y]) =>
          sum + this.roadCost([x - sx - 6, y - sy - 16, x - sx + 6, y - sy - 4]), 0);
        found.push({ points: smooth, x: cx, y: cy, score: straight * 60 + flat * 25 - cost * 4 });
      }
      return found;
    }

    riverBoxes(stretch, size) {
      return stretch.points.slice(1, -1).map(([x, y]) => [x - this.shift.x - 9, y - this.shift.y - size - 4,
        x - this.shift.x + 9, y - this.shift.y]);
    }

    along(text, stretch, size) {
      const p = stretch.points, id = "sr-along-" + [p[0], p[8]].flat().map(Math.round).join("_");
      let d = `M${p[0].map((v) => v.toFixed(1))}`;
      for (let i = 1; i < p.length - 1; i++) {
        const mx = (p[i][0] + p[i + 1][0]) / 2, my = (p[i][1] + p[i + 1][1]) / 2;
        d += `Q${p[i].map((v) => v.toFixed(1))} ${mx.toFixed(1)} ${my.toFixed(1)}`;
      }
      d += `L${p[p.length - 1].map((v) => v.toFixed(1))}`;
      this.out.push(sr.svg("path", { id, d, fill: "none" }));
      this.out.push(sr.svg("text", { class: "l-river", "font-size": size, dy: -4, "letter-spacing": 1.2 }, [
        sr.svg("textPath", { href: "#" + id, startOffset: "50%", "text-anchor": "middle", text })]));
    }

    lakes() {
      const frame = sr.frame(this.map);
      if (this.zoom < 6.4) return;
      for (const lake of this.base.lakes) {
        const text = lake.name[sr.lang] || lake.name.en, [wx, wy] = sr.point(lake.anchor[0], lake.anchor[1]);
        const x = wx * frame.k - frame.x - this.shift.x, y = wy * frame.k - frame.y - this.shift.y;
        this.beside({ i: "lake " + text, x, y, r: 5, text, size: 10.5, weight: 500, kind: "lake", state: "" });
      }
    }

    degrees() {
      if (this.zoom >= 6.6) return;
      const frame = sr.frame(this.map), name = (value, plus, minus) =>
        `${Math.abs(value)}° ${sr.t(value < 0 ? minus : plus)}`.replace(/^0° .*/, "0°");
      for (let lat = -80; lat <= 80; lat += 5) {
        const y = sr.point(lat, 0)[1] * frame.k - frame.y - this.shift.y, text = name(lat, "north", "south");
        const width = this.width(text, 10, 400), box = [6, y - 14, 6 + width, y - 2];
        if (this.free(box)) this.write(text, 6 + width / 2, y - 4, 10, 400, "l-degree", box);
      }
      for (let lon = -175; lon <= 175; lon += 5) {
        const x = sr.point(0, lon)[0] * frame.k - frame.x - this.shift.x, text = name(lon, "east", "west");
        const width = this.width(text, 10, 400), box = [x + 4, 6, x + 4 + width, 18];
        if (this.free(box)) this.write(text, x + 4 + width / 2, 15, 10, 400, "l-degree", box);
      }
    }
  };
})(supplyRoutes);

// Reported events: a symbol by type, paler with age, gathered where they crowd.
"use strict";
(function (sr) {
  // Glyphs on a 16 x 16 grid, centred on 0.
  const GLYPHS = {
    ambush: "M0 -5L1.4 -1.6L5 -1.6L2.1 .6L3.2 4.3L0 2.1L-3.2 4.3L-2.1 .6L-5 -1.6L-1.4 -1.6Z",
    armed_clash: "M-4 -4L4 4M4 -4L-4 4",
    vehicle_burning: "M0 -5C1 -2.6 3.6 -1 3.6 1.6A3.6 3.6 0 0 1 -3.6 1.6C-3.6 0 -2.6 -1 -2 -2C-1.4 -1.2 -1 -1 -.6 -1C-1 -2.4 -.8 -3.8 0 -5Z",
    abduction: "M0 -4.6A1.9 1.9 0 1 1 -.01 -4.6M-3.4 4.4C-3.4 1.6 -2 .2 0 .2S3.4 1.6 3.4 4.4",
    blockade: "M-4.6 -2.4H4.6V.6H-4.6ZM-3 .6V4M3 .6V4M-2.6 .6L-.2 -2.4M1 .6L3.4 -2.4",
    siege: "M0 -1.2A1.2 1.2 0 1 1 -.01 -1.2M0 -4.6A4.6 4.6 0 1 1 -.01 -4.6",
    checkpoint: "M-4.4 4V-1.4M-4.4 -1L4.6 -4",
    convoy_arrival: "M-5 -2.8H1.2V2.4H-5ZM1.2 -.8H3.6L5 .9V2.4H1.2M-3.4 2.4V3.6H-2V2.4M2.2 2.4V3.6H3.6V2.4",
    blockade_lifted_or_truce: "M-4 .2L-1.2 3L4.2 -3.2",
    policy: "M-3.2 -4.4H1.4L3.2 -2.6V4.4H-3.2ZM-1.4 -.8H1.6M-1.4 1.4H1.6",
    other: "M0 -1.6V3.6M0 -4.2V-3.6",
  };
  const FAMILY = { ambush: "harm", armed_clash: "harm", vehicle_burning: "harm", abduction: "harm",
    blockade: "bar", siege: "bar", checkpoint: "bar", convoy_arrival: "ease",
    blockade_lifted_or_truce: "ease", policy: "rule" };
  sr.eventGlyph = (type) => GLYPHS[type] || GLYPHS.other;
  sr.eventFamily = (type) => FAMILY[type] || "rule";
  sr.eventName = (type) => sr.has("event." + type) ? sr.t("event." + type) : type;

  sr.Events = class {
    constructor(map, actions) {
      this.map = map;
      this.actions = actions;
      this.events = [];
      this.regions = [];
      this.spots = [];
      this.visible = true;
      this.layer = new sr.Overlay("events", () => this.draw());
      this.group = this.layer.svg.appendChild(sr.svg("g", { role: "group" }));
      this.layer.addTo(map);
      map.on("moveend", () => this.draw());
    }

    set(events, regions) {
      this.events = events.filter((event) => Number.isFinite(event.lat) && Number.isFinite(event.lon));
      this.regions = regions;
      this.index = new Supercluster({ radius: 52, maxZoom: 10, minPoints: 2,
        map: (event) => ({ [event.family]: 1 }),
        reduce: (sum, one) => { for (const key in one) sum[key] = (sum[key] || 0) + one[key]; } });
      this.index.load(this.events.map((event, i) => ({ type: "Feature",
        properties: { i, family: sr.eventFamily(event.type) },
        geometry: { type: "Point", coordinates: [event.lon, event.lat] } })));
      this.draw();
    }

    show(on) {
      this.visible = on;
      this.group.classList.toggle("gone", !on);
    }

    draw() {
      if (!this.index || !this.map._loaded) return;
      const held = document.activeElement && document.activeElement.getAttribute("data-event");
      const bounds = this.map.getBounds().pad(0.15), frame = sr.frame(this.map);
      const zoom = Math.round(this.map.getZoom());
      const clusters = this.index.getClusters([bounds.getWest(), bounds.getSouth(), bounds.getEast(),
        bounds.getNorth()], zoom);
      this.spots = [];
      const at = (lat, lon) => {
        const [x, y] = sr.point(lat, lon);
        return [x * frame.k - frame.x, y * frame.k - frame.y];
      };
      const nodes = clusters.map((found) => {
        const [lon, lat] = found.geometry.coordinates;
        const node = found.properties.cluster ? this.cluster(found, zoom) : this.single(found.properties.i);
        return this.pin(node, at(lat, lon));
      });
      for (const region of this.regions) {
        const [x, y] = this.clear(region, at);
        this.spots.push([x, y, 16]);
        nodes.push(this.badge(region, `translate(${x.toFixed(1)} ${y.toFixed(1)})`));
      }
      this.group.replaceChildren(...nodes);
      if (held) {
        const again = this.group.querySelector(`[data-event="${CSS.escape(held)}"]`);
        if (again) again.focus({ preventScroll: true });
      }
    }

    // The roomiest place of a region that is not under other symbols.
    clear(region, at) {
      const places = region.anchors.map(([lat, lon]) => ({ lat, lon, at: at(lat, lon) }));
      const room = ({ at: [x, y] }) => Math.min(34, ...this.spots.map(([sx, sy]) => Math.hypot(x - sx, y - sy)));
      const best = places.reduce((a, b) => room(b) > room(a) + 4 ? b : a);
      Object.assign(region, { lat: best.lat, lon: best.lon });
      return best.at;
    }

    // A symbol stands on a stem above its place, so that the town and its roads stay free.
    pin(node, [x, y]) {
      const small = this.map.getZoom() < 5.6 ? 0.84 : 1, lift = Number(node.getAttribute("data-lift"));
      this.spots.push([x, y - lift, lift - 10]);
      node.prepend(sr.svg("path", { class: "stem", d: `M0 ${lift}V0` }));
      node.setAttribute("transform", `translate(${x.toFixed(1)} ${(y - lift * small).toFixed(1)}) scale(${small})`);
      return node;
    }

    single(i) {
      const event = this.events[i];
      const fade = Math.max(0.45, 1 - Math.max(0, event.age || 0) / 90);
      const label = sr.t("event.label", { type: sr.eventName(event.type), date: event.date || "" });
      const node = sr.svg("g", { class: `event ${sr.eventFamily(event.type)}`, tabindex: 0, role: "button",
        "aria-label": label, "data-event": "e" + event.id, style: `opacity:${fade.toFixed(2)}`, "data-lift": 20 }, [
        sr.svg("circle", { r: 8.5 }), sr.svg("path", { d: sr.eventGlyph(event.type) })]);
      return this.live(node, label, () => this.actions.open([event], event));
    }

    cluster(found, zoom) {
      const count = found.properties.point_count, r = 7.5 + Math.min(8, Math.sqrt(count) * 1.1);
      const label = sr.t("event.many", { n: count });
      const node = sr.svg("g", { class: "event cluster", tabindex: 0, role: "button", "aria-label": label,
        "data-event": "c" + found.id, "data-lift": r + 12 }, [sr.svg("circle", { r: r + 2.5, class: "back" }),
        ...this.ring(found.properties, r), sr.svg("text", { "text-anchor": "middle", dy: "0.35em", text: count })]);
      return this.live(node, label, () => {
        const ids = this.index.getLeaves(found.id, 200).map((leaf) => this.events[leaf.properties.i]);
        const next = this.index.getClusterExpansionZoom(found.id);
        const [lon, lat] = found.geometry.coordinates;
        if (next > 9 || next <= zoom || ids.length <= 4) this.actions.open(ids, { lat, lon });
        else this.map.flyTo([lat, lon], Math.min(next, this.map.getMaxZoom()), { duration: 0.45 });
      });
    }

    // A ring whose arcs tell how many events of each family are gathered.
    ring(properties, r) {
      const families = ["harm", "bar", "ease", "rule"].filter((name) => properties[name]);
      const total = families.reduce((sum, name) => sum + properties[name], 0), round = 2 * Math.PI * r;
      let gone = 0;
      return families.map((name) => {
        const share = properties[name] / total;
        const arc = sr.svg("circle", { r, class: "arc " + name, "stroke-dasharray":
          `${(share * round).toFixed(2)} ${round.toFixed(2)}`, transform: `rotate(${(gone * 360 - 90).toFixed(1)})` });
        gone += share;
        return arc;
      });
    }

    badge(region, transform) {
      const label = sr.t("event.region", { n: region.n, region: region.name });
      const text = String(region.n), width = 24 + text.length * 7;
      const node = sr.svg("g", { class: "event region", transform, tabindex: 0, role: "button",
        "aria-label": label, "data-event": "r" + region.name }, [
        sr.svg("rect", { x: -width / 2, y: -9.5, width, height: 19, rx: 9.5 }),
        sr.svg("path", { d: `M${-width / 2 + 7} -3.5h7M${-width / 2 + 7} 0h7M${-width / 2 + 7} 3.5h4.5` }),
        sr.svg("text", { x: 8, "text-anchor": "middle", dy: "0.35em", text })]);
      return this.live(node, label, () => this.actions.region(region));
    }

    live(node, label, act) {
      const fire = (event) => {
        L.DomEvent.stop(event);
        if (!this.map.dragging.moved() || event.type === "keydown") act();
      };
      node.addEventListener("click", fire);
      node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") fire(event); });
      node.addEventListener("pointerenter", (event) => {
        if (event.pointerType !== "touch") this.actions.tip(label, event.clientX, event.clientY);
      });
      node.addEventListener("pointerleave", () => this.actions.leave());
      return node;
    }

    remove() { this.layer.remove(); }
  };

  // The card of one event, or the list of several at one place, newest first.
  sr.eventCard = function (events) {
    const card = sr.el("div", { class: "sr-card" });
    const list = events.slice().sort((a, b) => (a.age || 0) - (b.age || 0));
    if (list.length > 1) card.append(sr.el("h3", { text: sr.t("event.many", { n: list.length }) }));
    for (const event of list.slice(0, 60)) card.append(sr.eventEntry(event));
    if (list.length > 60) card.append(sr.el("p", { text: sr.t("event.more", { n: list.length - 60 }) }));
    return card;
  };

  sr.eventEntry = function (event) {
    const url = sr.httpUrl(event.url);
    const source = url
      ? sr.el("a", { href: url, target: "_blank", rel: "noopener noreferrer", text: event.source || url })
      : sr.el("span", { text: event.source || sr.t("event.no_source") });
    const entry = sr.el("article", { class: "sr-event" }, [
      sr.el("div", { class: "sr-event-head" }, [
        sr.svg("svg", { viewBox: "-9 -9 18 18", class: "sr-key event " + sr.eventFamily(event.type), "aria-hidden": true },
          [sr.svg("circle", { r: 8.5 }), sr.svg("path", { d: sr.eventGlyph(event.type) })]),
        sr.el("strong", { text: sr.eventName(event.type) }), sr.el("time", { text: event.date || "" })])]);
    if (event.place) entry.append(sr.el("p", { class: "sr-place", text: event.place }));
    if (event.title) entry.append(sr.el("p", { text: event.title }));
    const foot = sr.el("p", { class: "sr-source" }, [sr.el("span", { text: sr.t("event.source") + " " }), source]);
    if (event.confidence) {
      const named = sr.has("confidence." + event.confidence);
      foot.append(sr.el("span", { text: " · " + sr.t("event.confidence", {
        level: named ? sr.t("confidence." + event.confidence) : event.confidence }) }));
    }
    entry.append(foot);
    return entry;
  };
})(supplyRoutes);

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

// What tips, screen readers and the legend say of the things on the map.
"use strict";
(function (sr) {
  sr.ends = function (app, i) {
    const nodes = app.network.nodes;
    return sr.t("segment.ends", { from: nodes[app.network.from[i]].name, to: nodes[app.network.to[i]].name });
  };
  const known = (prefix, value) => sr.has(prefix + value) ? sr.t(prefix + value) : value;
  // A road number that its source is unsure of ends in a question mark.
  const number = (ref) => ref.endsWith("?") ? sr.t("segment.unsure", { road: ref.slice(0, -1) }) : ref;
  const road = (app, i) => (app.network.road[i] ? number(app.network.road[i]) + " · " : "") + sr.ends(app, i);
  const length = (app, i) => {
    const basis = app.network.basis[i];
    const km = sr.t("segment.km", { km: sr.number(app.network.km[i]) });
    return basis ? `${km} (${known("basis.", basis)})` : km;
  };

  sr.segmentTip = function (app, i) {
    const state = app.roads.state[i], local = app.local.get(i);
    const parts = [sr.el("strong", { text: road(app, i) }), sr.el("div", { class: "sr-fact", text:
      [length(app, i), known("class.", app.network.roadClass[i] || "")].filter(Boolean).join(" · ") })];
    const line = sr.el("div", { class: "sr-state" }, [sr.legendKey("road", state),
      sr.el("span", { text: sr.t("state." + state) })]);
    parts.push(line);
    if (app.why && app.why[i] && !local) parts.push(sr.el("div", { class: "sr-why", text: app.why[i] }));
    const reopen = state === "cut" || state === "closed";
    parts.push(sr.el("div", { class: "sr-act", text: sr.t(reopen ? "act.reopen" : "act.cut") }));
    return parts;
  };

  sr.segmentSpoken = function (app, i) {
    const state = app.roads.state[i], why = app.why && app.why[i] && !app.local.has(i) ? ". " + app.why[i] : "";
    return `${road(app, i)}, ${length(app, i)}. ${sr.t("state." + state)}${why}`;
  };

  sr.people = (node) => node.people ? sr.t("people", { n: sr.number(node.people) }) : sr.t("people.unknown");

  sr.nodeTip = function (app, i) {
    const node = app.network.nodes[i], parts = [sr.el("strong", { text: node.name })];
    const facts = [known("kind.", node.kind)];
    if (node.town) facts.splice(0, 1, node.admin1, sr.people(node));
    parts.push(sr.el("div", { class: "sr-fact", text: facts.filter(Boolean).join(" · ") }));
    if (node.town) {
      const state = app.places.states[i] || "open";
      const fresh = app.places.nodes[i].classList.contains("new");
      parts.push(sr.el("div", { class: "sr-state" }, [sr.legendKey("town", state),
        sr.el("span", { text: sr.t("town." + state) + (fresh ? " · " + sr.t("town.new") : "") })]));
      parts.push(sr.el("div", { class: "sr-act", text: sr.t("act.town") }));
    } else if (node.supply) {
      const off = app.places.nodes[i].classList.contains("off");
      parts.push(sr.el("div", { class: "sr-state", text: sr.t(off ? "supply.off" : "supply.on") }));
      parts.push(sr.el("div", { class: "sr-act", text: sr.t(off ? "act.supply_on" : "act.supply_off") }));
    }
    return parts;
  };

  sr.nodeSpoken = function (app, i) {
    const node = app.network.nodes[i];
    if (node.supply) {
      const off = app.places.nodes[i].classList.contains("off");
      return `${node.name}. ${sr.t(off ? "supply.off" : "supply.on")}`;
    }
    return `${node.name}, ${sr.people(node)}. ${sr.t("town." + (app.places.states[i] || "open"))}`;
  };

  sr.airportTip = (place) => [sr.el("strong", { text: place.name }), sr.el("div", { class: "sr-fact",
    text: [sr.t("kind.airport"), place.code].filter(Boolean).join(" · ") })];

  sr.railwayTip = (part) => [sr.el("strong", { text: part.name[sr.lang] || part.name.en }),
    sr.el("div", { class: "sr-state", text: known("rail.", part.status) }),
    sr.el("div", { class: "sr-fact", text: [part.status_date, part.source_name].filter(Boolean).join(" · ") })];

  // An event arrives as a row: id, lat, lon, type, age in days, date, confidence, title, source,
  // url, place, region (set when only the region is known).
  sr.readEvent = (row) => {
    const [id, lat, lon, type, age, date, confidence, title, source, url, place, region] = row;
    return { id, lat, lon, type, age, date, confidence, title, source, url, place, region };
  };

  // Only what is in view now is explained.
  sr.legendOf = function (app) {
    const bounds = app.map.getBounds().pad(0.02), network = app.network, roads = new Set(), towns = new Set();
    const a = sr.point(bounds.getNorth(), bounds.getWest()), b = sr.point(bounds.getSouth(), bounds.getEast());
    const inside = (x, y) => x > a[0] && x < b[0] && y > a[1] && y < b[1];
    const changes = new Set();
    network.lines.forEach((line, i) => {
      const state = app.roads.state[i], change = app.roads.difference && app.roads.difference[i];
      if (roads.has(state) && !change) return;
      for (let q = 0; q < line.length; q += 2) {
        if (!inside(line[q], line[q + 1])) continue;
        roads.add(state);
        if (change && change !== "same") changes.add(change);
        return;
      }
    });
    const symbols = new Set();
    network.nodes.forEach((node, i) => {
      if (!inside(node.at[0], node.at[1])) return;
      if (node.town) {
        towns.add(app.places.states[i] || "open");
        for (const mark of ["new", "lost", "gained"]) {
          if (!app.places.nodes[i].classList.contains(mark)) continue;
          if (mark === "new") towns.add("isolated new"); else changes.add(mark);
        }
      } else if (node.supply && app.on.supply) {
        const off = app.places.nodes[i].classList.contains("off") ? " off" : "";
        symbols.add((node.kind === "port" ? "port" : "depot") + off);
      } else if (node.kind === "border_crossing" && app.on.crossings && app.places.nodes[i]) symbols.add("crossing");
    });
    if (app.on.rail && app.base.rail.some((line) => inside(line[0], line[1]))) symbols.add("rail");
    if (app.on.airports && app.base.airports.some((place) => inside(...place.at))) symbols.add("airport");
    const doubts = app.findings ? app.findings.weights(inside) : [];
    return [
      ["roads", sr.STATES.filter((name) => roads.has(name)).map((name) => ["road", name, sr.t("state." + name)])
        .concat(wayRows(app)).concat([...changes].sort().map((name) => ["difference", name, sr.t("difference." + name)]))],
      ["towns", ["open", "detour", "escort_only", "isolated", "isolated new"].filter((name) => towns.has(name))
        .map((name) => ["town", name, sr.t("town." + name.replace("isolated new", "new"))])],
      ["places", ["port", "port off", "depot", "depot off", "crossing", "rail", "airport"].filter((name) => symbols.has(name))
        .map((name) => ["symbol", name, sr.t("symbol." + name.replace(" ", "_"))])
        .concat(doubts.map((weight) => ["finding", weight, sr.t("finding." + weight)]))],
      ["events", eventRows(app, inside)],
    ];
  };

  function wayRows(app) {
    const rows = [];
    if ((app.state.way || []).length) rows.push(["way", "now", sr.t("way.now")]);
    if ((app.state.former || []).length) rows.push(["way", "former", sr.t("way.former")]);
    return rows;
  }

  function eventRows(app, inside) {
    if (!app.on.events || !app.events) return [];
    const types = new Set();
    for (const event of app.events.events) if (inside(...sr.point(event.lat, event.lon))) types.add(event.type);
    const rows = [...types].sort().map((type) => ["event", type, sr.eventName(type)]);
    if (app.events.regions.some((region) => inside(...sr.point(region.lat, region.lon)))) {
      rows.push(["symbol", "region", sr.t("symbol.region")]);
    }
    return rows;
  }
})(supplyRoutes);

// Zoom, home, layers, legend, scale, attribution, tip and the manners of wheel and touch.
"use strict";
(function (sr) {
  const ICONS = {
    plus: "M8 3V13M3 8H13", minus: "M3 8H13", home: "M2.5 8L8 3L13.5 8M4.2 6.8V13H11.8V6.8",
    layers: "M8 2.2L14 5.6L8 9L2 5.6ZM2.6 8.6L8 11.6L13.4 8.6M2.6 11.2L8 14.2L13.4 11.2",
    down: "M4 6L8 10L12 6", legend: "M2.5 4H5M7.5 4H13.5M2.5 8H5M7.5 8H13.5M2.5 12H5M7.5 12H13.5",
  };
  const icon = (name) => sr.svg("svg", { viewBox: "0 0 16 16", class: "sr-icon", "aria-hidden": true },
    [sr.svg("path", { d: ICONS[name] })]);

  sr.Controls = class {
    constructor(map, actions) {
      this.map = map;
      this.actions = actions;
      const root = this.root = map.getContainer().appendChild(sr.el("div", { class: "sr-controls" }));
      for (const type of ["click", "dblclick", "pointerdown", "mousedown", "touchstart", "wheel", "contextmenu"]) {
        root.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
      }
      this.buttons();
      this.layerPanel();
      this.legendPanel();
      this.foot();
      this.tip = map.getContainer().appendChild(sr.el("div", { class: "sr-tip", role: "tooltip" }));
      this.voice = map.getContainer().appendChild(sr.el("div", { class: "sr-voice", "aria-live": "polite" }));
      this.hint = map.getContainer().appendChild(sr.el("div", { class: "sr-hint", "aria-hidden": "true" }));
      sr.manners(map, (text) => this.say(text));
      map.getContainer().addEventListener("pointerdown", (event) => { this.lastPointer = event.pointerType; },
        { capture: true, passive: true });
    }

    buttons() {
      const button = (name, act) => {
        const node = sr.el("button", { type: "button", class: "sr-button", onclick: act }, [icon(name)]);
        this.named.push([node, name]);
        return node;
      };
      this.named = [];
      this.root.append(sr.el("div", { class: "sr-corner top left" }, [
        sr.el("div", { class: "sr-panel sr-stack" }, [
          button("plus", () => this.map.zoomIn(0.75)), button("minus", () => this.map.zoomOut(0.75)),
          button("home", () => this.actions.home())])]));
    }

    layerPanel() {
      this.layerList = sr.el("div", { class: "sr-list", id: "sr-layers" });
      this.layerButton = sr.el("button", { type: "button", class: "sr-button", "aria-expanded": "false",
        "aria-controls": "sr-layers", onclick: () => this.openLayers() }, [icon("layers")]);
      this.named.push([this.layerButton, "layers"]);
      this.layerBox = sr.el("div", { class: "sr-panel sr-layers closed" }, [this.layerButton, this.layerList]);
      this.root.append(sr.el("div", { class: "sr-corner top right" }, [this.layerBox]));
      this.root.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !this.layerBox.classList.contains("closed")) {
          this.openLayers(false);
          this.layerButton.focus();
        }
      });
    }

    openLayers(open) {
      const now = open === undefined ? this.layerBox.classList.contains("closed") : open;
      this.layerBox.classList.toggle("closed", !now);
      this.layerButton.setAttribute("aria-expanded", now);
      this.actions.arranged();
    }

    legendPanel() {
      this.legendBody = sr.el("div", { class: "sr-legend-body", id: "sr-legend" });
      this.legendTitle = sr.el("span");
      this.legendButton = sr.el("button", { type: "button", class: "sr-legend-head", "aria-controls": "sr-legend",
        onclick: () => this.openLegend() }, [this.legendTitle, icon("down")]);
      this.legendBox = sr.el("div", { class: "sr-panel sr-legend" }, [this.legendButton, this.legendBody]);
      this.root.append(sr.el("div", { class: "sr-corner bottom left" }, [this.legendBox]));
      this.openLegend(window.innerWidth >= 640);
    }

    legendIsOpen() {
      return !this.legendBox.classList.contains("closed");
    }

    openLegend(open) {
      const now = open === undefined ? !this.legendIsOpen() : open;
      this.legendBox.classList.toggle("closed", !now);
      this.legendButton.setAttribute("aria-expanded", now);
      if (this.actions.arranged) this.actions.arranged();
    }

    foot() {
      this.credit = sr.el("div", { class: "sr-credit" });
      const scale = L.control.scale({ imperial: false, maxWidth: 110 }).addTo(this.map);
      this.root.append(sr.el("div", { class: "sr-corner bottom right" }, [scale.getContainer(), this.credit]));
    }

    translate() {
      for (const [node, name] of this.named) {
        node.setAttribute("aria-label", sr.t("button." + name));
        node.title = sr.t("button." + name);
      }
      this.legendTitle.textContent = sr.t("legend");
      this.credit.textContent = sr.t("credit");
    }

    setLayers(names, visible) {
      const boxes = names.map((name) => {
        const input = sr.el("input", { type: "checkbox", onchange: () => this.actions.layer(name, input.checked) });
        input.checked = Boolean(visible[name]);
        return sr.el("label", {}, [input, sr.el("span", { text: sr.t("layer." + name) })]);
      });
      this.layerList.replaceChildren(sr.el("h3", { text: sr.t("layers") }), ...boxes);
    }

    setLegend(groups) {
      const key = JSON.stringify(groups) + sr.lang;
      if (key === this.legendKey) return;
      this.legendKey = key;
      const body = [];
      for (const [title, rows] of groups) {
        if (!rows.length) continue;
        body.push(sr.el("h3", { text: sr.t("legend." + title) }));
        body.push(sr.el("ul", {}, rows.map(([kind, name, text]) =>
          sr.el("li", {}, [sr.legendKey(kind, name), sr.el("span", { text })]))));
      }
      this.legendBody.replaceChildren(...body);
      this.actions.arranged();
    }

    showTip(content, x, y) {
      this.tip.replaceChildren(...[].concat(content).map((part) =>
        typeof part === "string" ? sr.el("div", { text: part }) : part));
      this.tip.classList.add("on");
      const size = this.map.getSize(), w = this.tip.offsetWidth, h = this.tip.offsetHeight;
      const left = x + 16 + w > size.x ? Math.max(6, x - w - 14) : x + 16;
      const top = Math.min(Math.max(6, y + 14 + h > size.y ? y - h - 12 : y + 14), size.y - h - 6);
      this.tip.style.transform = `translate(${Math.round(left)}px,${Math.round(top)}px)`;
    }

    hideTip() { this.tip.classList.remove("on"); }
    announce(text) { this.voice.textContent = text; }

    say(text) {
      this.hint.textContent = text;
      this.hint.classList.add("on");
      clearTimeout(this.hintTimer);
      this.hintTimer = setTimeout(() => this.hint.classList.remove("on"), 1400);
    }
  };

  // The wheel zooms after a click on the map or with Ctrl; one finger scrolls the page, two move
  // the map. So neither traps a reader who only passes by.
  sr.manners = function (map, say) {
    const box = map.getContainer();
    let active = false;
    box.addEventListener("pointerdown", () => { active = true; box.classList.remove("keyed"); });
    box.addEventListener("keyup", (event) => { if (event.key === "Tab") box.classList.add("keyed"); });
    document.documentElement.addEventListener("pointerleave", () => { active = false; });
    box.addEventListener("wheel", (event) => {
      if (active || event.ctrlKey || event.metaKey) return;
      event.stopImmediatePropagation();
      say(sr.t("hint.wheel"));
    }, { capture: true, passive: true });
    if (!window.matchMedia("(pointer: coarse)").matches) return;
    map.dragging.disable();
    let start = null;
    box.addEventListener("touchstart", (event) => {
      start = event.touches.length === 1 ? [event.touches[0].clientX, event.touches[0].clientY] : null;
    }, { passive: true });
    box.addEventListener("touchmove", (event) => {
      if (!start || event.touches.length !== 1) return;
      const { clientX, clientY } = event.touches[0];
      if (Math.hypot(clientX - start[0], clientY - start[1]) > 18) { start = null; say(sr.t("hint.touch")); }
    }, { passive: true });
  };

  // A sample of a line or symbol, drawn with the very classes of the map.
  sr.legendKey = function (kind, name) {
    const key = (view, children, extra) => sr.svg("svg", { viewBox: view, class: "sr-key " + (extra || ""),
      "aria-hidden": true }, children);
    const part = (group, node) => sr.svg("g", { class: group }, [node]);
    if (kind === "road") {
      const line = () => sr.svg("path", { class: name, d: "M2 7H32", style: "--w:3px;--zf:1.15" });
      const children = [part("r-casings", line()), part("r-lines", line()), part("r-cores", line())];
      if (name === "cut") children.push(sr.svg("g", { class: "mark cut", transform: "translate(17 7) scale(.86)" },
        [sr.svg("circle", { r: 6.2 }), sr.svg("path", { d: "M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2" })]));
      return key("0 0 34 14", children, "wide");
    }
    if (kind === "way") {
      return key("0 0 34 14", [sr.svg("path", { class: "w-" + name, d: "M2 7H32", style: "--zf:1" })], "wide");
    }
    if (kind === "difference") {
      return key("-9 -9 18 18", [sr.svg("g", { class: "mark " + name }, [sr.svg("circle", { r: 6.2 }),
        sr.svg("path", { d: name === "gained" ? "M-3.6 0H3.6M0 -3.6V3.6" : "M-3.6 0H3.6" })])]);
    }
    if (kind === "town") {
      const state = name.split(" ")[0];
      return key("-9 -9 18 18", [part("p-towns", sr.svg("g", { class: "town " + name }, [
        sr.svg("path", { class: "halo", d: sr.townShape.open(8) }),
        sr.svg("path", { class: "body", d: sr.townShape[state](4.6) }),
        sr.svg("path", { class: "sign", d: state === "isolated" ? "M-2.3 -2.3L2.3 2.3M2.3 -2.3L-2.3 2.3" : "" })]))]);
    }
    if (kind === "event") {
      return key("-9.5 -9.5 19 19", [sr.svg("g", { class: "event " + sr.eventFamily(name) },
        [sr.svg("circle", { r: 8.5 }), sr.svg("path", { d: sr.eventGlyph(name) })])]);
    }
    if (kind === "finding") {
      return key("-10 -10 20 20", [sr.svg("g", { class: "finding " + name }, sr.findingSign(name))]);
    }
    return key("-10 -10 20 20", [sr.symbolKey(name)]);
  };

  sr.symbolKey = function (name) {
    if (name === "rail") return sr.svg("g", {}, [sr.svg("path", { class: "b-rail", d: "M-10 0H10" }),
      sr.svg("path", { class: "b-rail b-ties", d: "M-10 0H10" })]);
    if (name === "crossing") return sr.svg("g", { class: "crossing" }, [sr.svg("circle", { r: 4.4 }),
      sr.svg("path", { d: "M-2.4 0H2.4" })]);
    if (name === "airport") return sr.svg("g", { class: "airport" }, [sr.svg("circle", { r: 7.5 }),
      sr.svg("path", { d: sr.GLYPHS.airport, transform: "scale(.92)" })]);
    if (name === "region") return sr.svg("g", { class: "event region" }, [
      sr.svg("rect", { x: -9, y: -6, width: 18, height: 12, rx: 6 }), sr.svg("path", { d: "M-4 -2.4H4M-4 0H4M-4 2.4H1" })]);
    return sr.svg("g", { class: name.endsWith("off") ? "supply off" : "supply" }, [
      sr.svg("rect", { x: -8, y: -8, width: 16, height: 16, rx: 4.5 }),
      sr.svg("path", { d: sr.GLYPHS[name.startsWith("port") ? "port" : "depot"] }),
      sr.svg("path", { class: "slash", d: "M-8.5 8.5L8.5 -8.5" })]);
  };
})(supplyRoutes);

// The map as a whole: it is made once; afterwards only states reach it.
"use strict";
(function (sr) {
  const LAYERS = ["events", "supply", "crossings", "rail", "airports", "tiles", "findings"];
  const TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";
  const ROOM = { paddingTopLeft: [14, 26], paddingBottomRight: [14, 20] };
  const BESIDE_LEGEND = { ...ROOM, paddingTopLeft: [268, 26] };
  let app = null;

  sr.create = function (id, options) {
    const box = document.getElementById(id);
    box.classList.add("sr-map");
    box.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    document.documentElement.classList.add("sr-frame");
    const map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.75,
      minZoom: 3.5, maxZoom: 12, wheelPxPerZoomLevel: 90, boxZoom: false,
      keyboardPanDelta: 120 });
    const levels = { land: 150, tiles: 200, roads: 410, places: 440, events: 460, above: 470, labels: 500 };
    for (const [name, z] of Object.entries(levels)) {
      const pane = map.createPane(name);
      pane.style.zIndex = z;
      pane.style.pointerEvents = "none";
    }
    app = new App(map, options);
    return map;
  };

  sr.network = (url) => app.useNetwork(url);
  sr.show = (coded) => app.receive(JSON.parse(new TextDecoder().decode(
    Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0)))));
  sr.pixelOf = (segmentId) => app && app.roads && app.network.index.has(segmentId)
    ? app.roads.pixelOf(app.network.index.get(segmentId)) : null;
  sr.stateOf = (segmentId) => app && app.roads && app.network.index.has(segmentId)
    ? app.roads.state[app.network.index.get(segmentId)] : null;

  class App {
    constructor(map, options) {
      Object.assign(this, { map, options, local: new Map(), pending: [], lastN: 0, layers: {}, reported: [] });
      this.controls = new sr.Controls(map, this.actions());
      map.fitBounds(options.home, this.room(L.latLngBounds(options.home)));
      this.labels = new sr.Labels(map, null);
      this.useBase(options.base);
      this.watch();
    }

    // The ground: the study area's own, or the world's coarser one under a network from elsewhere.
    useBase(url) {
      if (url === this.baseUrl) return;
      this.baseUrl = url;
      sr.json(url).then((data) => {
        if (url !== this.baseUrl) return;
        if (this.base) this.base.remove();
        this.base = new sr.BaseMap(this.map, data, this.actions());
        this.labels.base = this.base;
        this.eventKey = null;
        this.applyLayers();
        this.advance();
      }).catch((fault) => console.error(fault));
    }

    groundOf(network) {
      const within = L.latLngBounds(this.options.frame).contains(L.latLngBounds(network.bounds));
      return within ? this.options.base : this.options.world;
    }

    actions() {
      return {
        home: () => this.home(true), arranged: () => this.labels && this.labels.soon(),
        layer: (name, on) => { this.layers[name] = on; this.applyLayers(); this.legend(); this.send("layer", name, { on }); },
        toggle: (i, event) => this.meant(i, event), leave: () => this.leave(),
        hover: (i, event) => this.tellSegment(i, event.clientX, event.clientY),
        focus: (i, at) => this.tellAt(i, at),
        tip: (content, x, y) => this.controls.showTip(content, x, y),
        node: (i) => sr.nodeTip(this, i), airport: (place) => sr.airportTip(place),
        town: (i) => this.send("town", this.network.nodes[i].id),
        supply: (i, event) => this.meantSupply(i, event),
        card: (card, at) => this.openCard(card, at), open: (events, at) => this.openEvents(events, at), region: (region) => this.openEvents(region.events, region, region),
      };
    }

    watch() {
      this.map.on("dragstart zoomstart", (event) => { if (!this.moving) this.moved = true; });
      this.map.on("moveend", () => {
        this.legend();
        clearTimeout(this.viewTimer);
        if (this.moved && !this.moving) this.viewTimer = setTimeout(() => this.reportView(), 700);
      });
      this.map.getContainer().addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.map.closePopup();
      });
      new ResizeObserver(() => {
        this.map.invalidateSize({ pan: false });
        if (!this.moved) this.home(false);
      }).observe(this.map.getContainer());
    }

    reportView() {
      const at = this.map.getCenter();
      const view = [Number(at.lat.toFixed(3)), Number(at.lng.toFixed(3)), Number(this.map.getZoom().toFixed(2))];
      this.reported = this.reported.concat(JSON.stringify(view)).slice(-20);
      this.send("view", "", { lat: view[0], lon: view[1], zoom: view[2] });
    }

    // Moves that the program makes are not reported as the user's.
    quietly(move) {
      this.moving = true;
      move();
      this.map.once("moveend", () => { this.moving = false; });
      setTimeout(() => { this.moving = false; }, 900);
    }

    homeBounds() {
      if (!this.network) return L.latLngBounds(this.options.home);
      const bounds = L.latLngBounds(this.network.bounds);
      return this.network.focus === this.options.focus ? bounds.extend(this.options.home) : bounds;
    }

    // Beside the open legend where that makes nothing smaller: it would lie over the ports.
    room(bounds) {
      const zoom = (room) => this.map.getBoundsZoom(bounds, false,
        L.point(room.paddingTopLeft).add(room.paddingBottomRight));
      return this.controls.legendIsOpen() && zoom(BESIDE_LEGEND) >= zoom(ROOM) ? BESIDE_LEGEND : ROOM;
    }

    home(animate) {
      if (animate) this.moved = false;
      const bounds = this.homeBounds();
      this.quietly(() => this.map.fitBounds(bounds, { ...this.room(bounds), animate }));
    }

    useNetwork(url) {
      if (url === this.networkUrl) return;
      this.networkUrl = url;
      this.arriving = sr.json(url).then((data) => {
        if (url !== this.networkUrl) return;
        for (const part of [this.roads, this.places]) if (part) part.remove();
        const first = !this.network;
        this.network = sr.readNetwork(data);
        this.network.focus = data.focus;
        this.useBase(this.groundOf(this.network));
        this.build();
        this.shown = this.told = null;
        if (!first || this.network.focus !== this.options.focus) this.moved = false;
        if (!this.moved) this.home(false);
        this.advance();
      }).catch((fault) => console.error(fault));
    }

    build() {
      const large = this.network.ids.length > 2500;
      const Roads = large ? sr.CanvasRoads : sr.SvgRoads;
      this.roads = new Roads(this.map, this.network, this.actions());
      this.places = new sr.Places(this.map, this.network, this.base ? this.base.airports : [], this.actions());
      if (!this.events) this.events = new sr.Events(this.map, this.actions());
      if (!this.findings) this.findings = new sr.Findings(this.map, this.actions());
    }

    // A state may name files; the newest state wins, however long an older one's files take.
    receive(state) {
      const turn = this.turn = (this.turn || 0) + 1;
      const wait = [sr.json(state.texts)];
      const parts = Object.keys(state).filter((name) => state[name] && state[name].url);
      for (const part of parts) wait.push(sr.json(state[part].url));
      Promise.all(wait).then(([texts, ...values]) => {
        if (turn !== this.turn) return;
        parts.forEach((part, k) => { state[part] = values[k]; });
        // A way that has not changed needs no former one beside it.
        if (JSON.stringify(state.former) === JSON.stringify(state.way)) state.former = [];
        this.setTexts(texts, state.lang);
        this.state = state;
        this.advance();
      }).catch((fault) => console.error(fault));
    }

    setTexts(texts, lang) {
      if (sr.texts === texts) return;
      sr.texts = texts;
      sr.lang = lang;
      document.documentElement.lang = lang;
      this.controls.translate();
      this.layerKey = null;
    }

    advance() {
      if (!this.state || !this.network || !this.base || !this.roads) return;
      if (this.places.airports !== this.base.airports) {
        this.places.remove();
        this.places = new sr.Places(this.map, this.network, this.base.airports, this.actions());
      }
      this.apply();
    }

    apply() {
      const state = this.state, box = this.map.getContainer();
      box.dataset.theme = state.theme;
      document.documentElement.dataset.theme = state.theme;
      this.pending = this.pending.filter((message) => message.n > state.ack);
      for (const [i, local] of this.local) if (local.n <= state.ack) this.local.delete(i);
      this.paintSegments();
      this.paintTowns();
      this.roads.setWays(state.way || [], state.former || []);
      this.roads.emphasise(state.corridor);
      this.roads.name(sr.t("roads.name"));
      if (this.roads.flush) this.roads.flush();
      this.setEvents(state);
      this.setFindings(state.findings || []);
      // A sign for each layer: 1 shown, 0 hidden, - not told.
      const given = state.layers || "";
      if (given !== this.givenLayers) {
        this.givenLayers = given;
        LAYERS.forEach((name, k) => { if ("01".includes(given[k] || "-")) this.layers[name] = given[k] === "1"; });
      }
      this.applyLayers();
      this.go(state);
      this.labels.use(this.network, this.places, this.events);
      this.legend();
      if (this.told) this.tellSegment(...this.told);
      this.shown = state;
      box.dataset.ready = "yes";
    }

    paintSegments() {
      const state = this.state, n = this.network.ids.length;
      const next = new Array(n).fill("open"), change = {};
      for (const name of sr.STATES) for (const i of sr.rows(state[name])) next[i] = name;
      this.given = next.slice();
      for (const [i, local] of this.local) next[i] = local.state;
      if (state.difference) for (const kind of ["lost", "gained"]) {
        for (const i of state.difference[kind] || []) change[i] = kind;
      }
      this.why = new Array(n);
      for (const [text, indices] of state.why || []) for (const i of indices) this.why[i] = text;
      for (let i = 0; i < n; i++) {
        this.roads.paint(i, next[i], state.difference ? change[i] || "same" : undefined);
        if (this.roads.paths) this.roads.label(i, this.spoken(i), next[i] === "cut");
      }
    }

    paintTowns() {
      const state = this.state, towns = {}, marks = {};
      for (const name of ["detour", "escort_only", "isolated"]) {
        for (const i of sr.rows((state.towns || {})[name])) towns[i] = name;
      }
      for (const i of sr.rows((state.towns || {}).new)) marks[i] = "new";
      if (state.difference) for (const kind of ["lost", "gained"]) {
        for (const i of (state.difference.towns || {})[kind] || []) marks[i] = kind;
      }
      this.places.paint(towns, marks, state.chosen, new Set(state.off || []));
      this.network.nodes.forEach((node, i) => {
        if (node.town || node.supply) this.places.label(i, sr.nodeSpoken(this, i));
      });
    }

    setEvents(state) {
      const key = JSON.stringify([state.events && state.events.length, state.eventKey, state.regions, sr.lang]);
      if (key === this.eventKey) return;
      this.eventKey = key;
      const events = (state.events || []).map(sr.readEvent), badges = [];
      for (const [name, n] of Object.entries(state.regions || {})) {
        const region = this.base.regions.find((one) => Object.values(one.name).concat(one.id).includes(name));
        if (!region) continue;
        badges.push({ name: region.name[sr.lang] || name, n, anchors: region.anchors,
          events: events.filter((event) => event.region === name) });
      }
      this.events.set(events.filter((event) => !event.region), badges);
      if (this.roads.soon) this.roads.soon();
    }

    setFindings(rows) {
      const key = JSON.stringify(rows);
      if (key === this.findingKey) return;
      this.findingKey = key;
      this.findings.set(rows);
      this.layerKey = null;
      if (this.roads.soon) this.roads.soon();
    }

    applyLayers() {
      const on = { events: true, supply: true, crossings: true, rail: true, airports: false, tiles: false, findings: true, ...this.layers };
      if (this.findings) this.findings.show(on.findings);
      if (this.events) this.events.show(on.events);
      if (this.places) this.places.show(on);
      if (this.base) this.base.layer.svg.classList.toggle("no-rail", !on.rail);
      this.tiles(on.tiles);
      const key = JSON.stringify([on, sr.lang]);
      if (key !== this.layerKey) {
        this.layerKey = key;
        const found = this.findings && this.findings.places.length;
        this.controls.setLayers(LAYERS.filter((name) => name !== "findings" || found), on);
        if (this.roads && this.roads.soon) this.roads.soon();
      }
      this.on = on;
      this.labels.soon();
    }

    tiles(on) {
      if (on && !this.tileLayer) {
        this.tileLayer = L.tileLayer(TILES, { pane: "tiles", opacity: 0.8, maxZoom: 12, zoomOffset: 0 });
      }
      if (this.tileLayer) this.tileLayer[on ? "addTo" : "removeFrom"](this.map);
    }

    go(state) {
      const view = state.view && JSON.stringify(state.view), turn = JSON.stringify([view, state.turn]);
      if (!view || turn === this.wentTo) return;
      const known = this.reported.includes(view) && !state.turn;
      this.wentTo = turn;
      if (known) return;
      const first = !this.shown;
      this.moved = true;
      this.quietly(() => this.map[first ? "setView" : "flyTo"](state.view.slice(0, 2), state.view[2],
        first ? { animate: false } : { duration: 0.6 }));
    }

    // A finger has no hover: its tap only tells what a thing is, and a button there acts on it.
    meant(i, event) {
      if (!this.touched(event)) return this.toggle(i, event);
      const shut = ["cut", "closed"].includes(this.roads.state[i]);
      this.offer(sr.segmentTip(this, i), shut ? "act.reopen_road" : "act.cut_road", () => this.toggle(i), event);
    }

    meantSupply(i, event) {
      const act = () => this.send("supply", this.network.nodes[i].id);
      if (!this.touched(event)) return act();
      const off = this.places.nodes[i].classList.contains("off");
      this.offer(sr.nodeTip(this, i), off ? "act.supply_on_button" : "act.supply_off_button", act, event);
    }

    offer(tip, name, act, event) {
      const card = sr.el("div", { class: "sr-card sr-road" }, tip);
      card.querySelector(".sr-act").replaceWith(sr.el("button", { type: "button", class: "sr-do", text: sr.t(name),
        onclick: () => { this.map.closePopup(); act(); } }));
      const at = this.map.mouseEventToLatLng(event);
      this.openCard(card, { lat: at.lat, lon: at.lng });
    }

    touched(event) {
      if (!event || event.type !== "click" || event.detail === 0) return false;
      return event.pointerType ? event.pointerType === "touch" : this.controls.lastPointer === "touch";
    }

    toggle(i, event) {
      const now = this.roads.state[i];
      const next = now === "cut" || now === "closed" ? "open" : "cut";
      const n = this.number();
      this.local.set(i, { state: next, n });
      this.roads.paint(i, next);
      if (this.roads.flush) this.roads.flush();
      this.roads.label(i, this.spoken(i), next === "cut");
      this.send("segment", this.network.ids[i], { n });
      this.controls.announce(this.spoken(i));
      const at = this.roads.middle(i);
      if (event && event.clientX !== undefined && event.detail !== 0) this.tellSegment(i, event.clientX, event.clientY);
      else this.tellAt(i, at);
    }

    tellAt(i, at) {
      const p = this.map.layerPointToContainerPoint(at);
      this.tellSegment(i, p.x, p.y);
    }

    // The tip follows the state: the answer to a click may differ from what was painted first.
    tellSegment(i, x, y) {
      this.told = [i, x, y];
      this.controls.showTip(sr.segmentTip(this, i), x, y);
    }

    leave() {
      this.told = null;
      this.controls.hideTip();
    }

    number() { return this.lastN = Math.max(Date.now(), this.lastN + 1); }

    // Messages not yet answered travel along, so that none is lost when two meet in one run.
    send(kind, id, more) {
      const message = { kind, id, n: this.number(), ...more };
      const before = this.pending.slice(-20);
      this.pending.push(message);
      if (window.Streamlit) window.Streamlit.setComponentValue({ ...message, before });
    }

    spoken(i) { return sr.segmentSpoken(this, i); }
    legend() {
      if (this.state && this.roads && this.base) this.controls.setLegend(sr.legendOf(this));
    }

    openEvents(events, at, region) {
      const card = sr.eventCard(events || []);
      if (region) card.prepend(sr.el("p", { class: "sr-note", text: sr.t("event.region", { n: region.n, region: region.name }) }));
      this.openCard(card, at);
      if (events && events.length === 1) this.send("event", events[0].id);
    }

    openCard(card, at) {
      this.leave();
      L.popup({ maxWidth: Math.min(320, this.map.getSize().x - 60), minWidth: 200, autoPanPadding: [24, 24],
        maxHeight: Math.max(160, this.map.getSize().y - 120), className: "sr-popup" })
        .setLatLng([at.lat, at.lon]).setContent(card).openOn(this.map);
    }
  }
})(supplyRoutes);
