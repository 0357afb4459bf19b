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
