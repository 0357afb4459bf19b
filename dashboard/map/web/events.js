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
