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
