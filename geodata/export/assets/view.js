"use strict";
// Everything shown comes from the JSON block and is set as text or as a number; nothing in it is
// ever read as markup.
(() => {
  const view = JSON.parse(document.getElementById("view").textContent);
  const words = view.words;
  const SVG = "http://www.w3.org/2000/svg";
  const page = document.getElementById("page");

  function el(name, attributes, ...children) {
    return build(document.createElement(name), attributes, children);
  }

  function svg(name, attributes, ...children) {
    return build(document.createElementNS(SVG, name), attributes, children);
  }

  function build(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    for (const child of children) {
      if (child !== null && child !== undefined && child !== "") node.append(child);
    }
    return node;
  }

  function header() {
    return el("header", {},
      el("div", { class: "kicker" }, view.kicker),
      el("div", { class: view.public ? "level" : "level full" }, view.level),
      el("h1", {}, view.title),
      el("p", { class: "subtitle" }, view.subtitle));
  }

  function figures() {
    return el("div", { class: "figures" }, ...view.figures.map((each) =>
      el("div", { class: each.alarm ? "figure alarm" : "figure" },
        el("b", {}, each.value), el("span", {}, each.label), el("small", {}, each.note))));
  }

  // ---- map

  const map = view.map;
  const boxOf = ([x, y, w, h]) => ({ x, y, w, h });
  const home = boxOf(map.home);
  let box = { ...home };
  const marks = [];
  const names = [];
  const chosen = el("p", { class: "chosen", "aria-live": "polite" }, words.nothing_chosen);
  const canvas = svg("svg", { role: "application", tabindex: "0", "aria-label": words.map_help });
  const layer = {};
  const scaleBar = el("i", {});
  const scaleText = el("span", {});
  let lit = [];

  const shapes = {
    o: (r) => svg("circle", { r }),
    s: (r) => svg("rect", { x: -r, y: -r, width: 2 * r, height: 2 * r }),
    D: (r) => svg("path", { d: `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0Z` }),
    "^": (r) => svg("path", { d: `M0 ${-1.3 * r}L${1.25 * r} ${r}L${-1.25 * r} ${r}Z` }),
    "*": (r) => svg("path", { d: star(1.6 * r) }),
    x: (r) => svg("path", { d: `M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}` }),
    "+": (r) => svg("path", { d: `M${-1.2 * r} 0H${1.2 * r}M0 ${-1.2 * r}V${1.2 * r}` }),
    _: (r) => svg("path", { d: `M${-1.3 * r} 0H${1.3 * r}` }),
    ".": (r) => svg("circle", { r: 0.6 * r }),
  };
  const townShape = { open: "o", detour: "^", escort_only: "D", isolated: "s" };
  const eventShape = { attack: "x", blockade: "_", relief: "+", other: "." };

  function star(r) {
    const points = [];
    for (let n = 0; n < 10; n += 1) {
      const reach = n % 2 ? 0.42 * r : r;
      const angle = Math.PI * (n / 5 - 0.5);
      points.push(`${(reach * Math.cos(angle)).toFixed(2)} ${(reach * Math.sin(angle)).toFixed(2)}`);
    }
    return `M${points.join("L")}Z`;
  }

  function mark(parent, at, shape, classes, title) {
    shape.setAttribute("class", classes);
    const node = svg("g", {}, shape);
    if (title) node.prepend(svg("title", {}, title));
    parent.append(node);
    marks.push({ node, at });
    return node;
  }

  function name(text, at, classes, rank, gap) {
    const node = svg("text", { class: classes, y: 4 }, text);
    const group = svg("g", {}, node);
    layer.names.append(group);
    names.push({ group, node, at, rank, gap, length: text.length, area: gap < 0,
      wide: /big|lost|place/.test(classes) });
  }

  function choose(title, text, nodes) {
    for (const node of lit) node.classList.remove("on");
    lit = nodes;
    for (const node of lit) node.classList.add("on");
    chosen.replaceChildren(el("b", {}, title), ` · ${text}`);
  }

  function drawBase() {
    for (const each of map.base) {
      const part = svg("path", { d: each.d, class: `b-${each.name}` });
      const target = each.name === "admin1" ? layer.regions : each.name === "rail" ? layer.rail : layer.base;
      target.append(part);
      if (each.name === "admin0" && map.focus) {
        layer.base.append(svg("path", { d: map.focus, class: "focus" }));
      }
    }
  }

  const roads = {};

  function drawRoads() {
    const casings = svg("g", {});
    const lines = svg("g", {});
    const hits = svg("g", {});
    for (const each of map.segments) {
      const casing = svg("path", { d: each.d, class: `casing c-${each.state}` });
      const line = svg("path", { d: each.d, class: `seg s-${each.state}` });
      const hit = svg("path", { d: each.d, class: "hit" }, svg("title", {}, each.name));
      casings.append(casing);
      lines.append(line);
      hits.append(hit);
      roads[each.id] = { each, show: () => choose(each.name, each.text, [line]), hit };
      hit.addEventListener("click", roads[each.id].show);
    }
    layer.roads.append(casings, lines, hits);
    for (const each of map.segments) {
      if (each.state !== "cut") continue;
      const hit = roads[each.id].hit;
      const middle = hit.getPointAtLength(hit.getTotalLength() / 2);
      mark(layer.roads, [middle.x, middle.y], shapes.x(5), "cross", each.name);
    }
  }

  const towns = {};

  function radius(people) {
    return Math.min(11, Math.max(3, 3.2 * (Math.max(people, 3000) / 10000) ** 0.25));
  }

  function drawTowns() {
    const order = [...map.towns].sort((a, b) => (a.state === "open" ? 0 : 1) - (b.state === "open" ? 0 : 1));
    for (const each of order) {
      const r = radius(each.people);
      const looks = each.before ? "mark before" : `mark t-${each.state}`;
      const node = mark(layer.towns, each.at, shapes[each.before ? "s" : townShape[each.state]](r), looks, "");
      node.setAttribute("class", "town");
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", `${each.name}: ${each.text}`);
      const show = () => choose(each.name, each.text, []);
      towns[each.id] = { each, show };
      node.addEventListener("click", show);
      node.addEventListener("focus", show);
      const lost = each.state === "isolated" && !each.before;
      const style = lost ? "lost" : each.people >= 100000 ? "big" : each.state === "open" ? "soft" : "";
      name(each.name, each.at, style, (lost ? 1 : each.people >= 100000 ? 2 : each.state === "open" ? 5 : 4) - each.people / 1e8, r + 4);
    }
  }

  function drawPoints() {
    for (const each of map.supply) {
      mark(layer.supply, each.at, shapes["*"](6), each.off ? "supply off" : "supply", each.name);
      name(each.name, each.at, "place", 0, 12);
    }
    for (const each of map.crossings) {
      mark(layer.crossings, each.at, shapes.o(3), "crossing", each.name);
      name(each.name, each.at, "soft", 8, 6);
    }
    for (const each of map.events) {
      const node = mark(layer.events, each.at, shapes[eventShape[each.group]](5), `event ${each.group}`, each.name);
      node.addEventListener("click", () => choose(each.name, each.text, []));
    }
    for (const each of map.names) {
      name(each.name, each.at, each.layer === "admin0" ? "area country" : "area", each.layer === "admin0" ? 3 : 7, -1);
    }
  }

  // Labels and symbols keep their size on the screen; a label that would lie on another waits
  // for a larger zoom.
  function settle() {
    canvas.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
    const width = canvas.clientWidth || 900;
    const cell = Math.max(box.w / width, box.h / (canvas.clientHeight || width));
    const left = box.x - (width * cell - box.w) / 2;
    const top = box.y - ((canvas.clientHeight || width) * cell - box.h) / 2;
    for (const each of marks) {
      each.node.setAttribute("transform", `translate(${each.at[0]} ${each.at[1]}) scale(${cell})`);
    }
    const taken = [];
    for (const each of names) {
      const x = (each.at[0] - left) / cell;
      const y = (each.at[1] - top) / cell;
      const length = each.length * (each.wide ? 6.8 : 6.1) + 4;
      const sides = each.area ? [-length / 2] : [each.gap, -each.gap - length];
      let place = null;
      for (const side of sides) {
        const spot = { left: x + side, right: x + side + length, top: y - 8, bottom: y + 8, side };
        if (!taken.some((other) => spot.left < other.right && spot.right > other.left && spot.top < other.bottom && spot.bottom > other.top)) {
          place = spot;
          break;
        }
      }
      each.group.setAttribute("display", place ? "inline" : "none");
      if (!place) continue;
      taken.push(place);
      const start = each.area ? 0 : place.side < 0 ? -each.gap : each.gap;
      each.node.setAttribute("x", start);
      if (!each.area) each.node.setAttribute("text-anchor", place.side < 0 ? "end" : "start");
      each.group.setAttribute("transform", `translate(${each.at[0]} ${each.at[1]}) scale(${cell})`);
    }
    const rounds = [5, 10, 20, 50, 100, 200, 500, 1000].filter((km) => (km * map.cellsPerKm) / cell <= 150);
    const km = rounds.length ? rounds[rounds.length - 1] : 5;
    scaleBar.style.width = `${(km * map.cellsPerKm) / cell}px`;
    scaleText.textContent = `${km} km`;
  }

  function zoom(factor, at) {
    const w = Math.min(home.w * 1.3, Math.max(home.w / 24, box.w * factor));
    const point = at || { x: box.x + box.w / 2, y: box.y + box.h / 2 };
    const share = w / box.w;
    box = { x: point.x - (point.x - box.x) * share, y: point.y - (point.y - box.y) * share, w, h: box.h * share };
    keep();
  }

  function pan(dx, dy) {
    box.x += dx * box.w;
    box.y += dy * box.h;
    keep();
  }

  function keep() {
    box.x = Math.min(Math.max(box.x, home.x - box.w / 3), home.x + home.w - (box.w * 2) / 3);
    box.y = Math.min(Math.max(box.y, home.y - box.h / 3), home.y + home.h - (box.h * 2) / 3);
    settle();
  }

  function reset() {
    box = { ...home };
    settle();
  }

  function goTo(at) {
    const w = Math.min(box.w, home.w / 4);
    box = { w, h: (w * home.h) / home.w, x: at[0] - w / 2, y: at[1] - (w * home.h) / home.w / 2 };
    keep();
    canvas.scrollIntoView({ block: "center" });
    canvas.focus({ preventScroll: true });
  }

  function cellOf(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM().inverse());
  }

  function listen() {
    const fingers = new Map();
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, event);
      moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const last = fingers.get(event.pointerId);
      if (!last) return;
      if (fingers.size === 1) {
        moved += Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY);
        if (moved > 4 && !canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
        const [from, to] = [cellOf(last), cellOf(event)];
        pan((from.x - to.x) / box.w, (from.y - to.y) / box.h);
      } else if (fingers.size === 2) {
        const other = [...fingers.values()].find((each) => each.pointerId !== event.pointerId);
        const before = Math.hypot(last.clientX - other.clientX, last.clientY - other.clientY);
        const now = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
        if (now > 0 && before > 0) zoom(before / now, cellOf(event));
      }
      fingers.set(event.pointerId, event);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
    }
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, cellOf(event));
    }, { passive: false });
    canvas.addEventListener("dblclick", (event) => zoom(0.5, cellOf(event)));
    const keys = { ArrowLeft: () => pan(-0.15, 0), ArrowRight: () => pan(0.15, 0), ArrowUp: () => pan(0, -0.15),
      ArrowDown: () => pan(0, 0.15), "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1.4), 0: reset };
    canvas.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
    window.addEventListener("resize", settle);
    window.addEventListener("beforeprint", settle);
  }

  function button(text, label, act) {
    const node = el("button", { type: "button", "aria-label": label, title: label }, text);
    node.addEventListener("click", act);
    return node;
  }

  function switches() {
    const rows = [["roads", "layer_roads"], ["towns", "layer_towns"], ["supply", "layer_supply"],
      ["crossings", "layer_crossings"], ["events", "layer_events"], ["names", "layer_names"],
      ["regions", "layer_regions"], ["rail", "layer_rail"]];
    return el("fieldset", {}, el("legend", {}, words.layers), ...rows.map(([key, word]) => {
      const input = el("input", { type: "checkbox", checked: "" });
      input.dataset.layer = key;
      input.addEventListener("change", () => layer[key].setAttribute("display", input.checked ? "inline" : "none"));
      return el("label", {}, input, words[word]);
    }));
  }

  function legend() {
    const items = map.legend.map((each) => {
      const picture = svg("svg", { viewBox: "0 0 34 16", "aria-hidden": "true" });
      if (each.line) {
        picture.append(svg("path", { d: "M1 8H33", class: `seg ${each.line}` }));
      } else {
        const shape = shapes[each.marker](5);
        shape.setAttribute("fill", /[x+_]/.test(each.marker) ? "none" : each.fill);
        shape.setAttribute("stroke", each.edge);
        picture.append(svg("g", { transform: "translate(17 8)" }, shape));
      }
      return el("li", {}, picture, each.name);
    });
    return el("div", {}, el("b", {}, words.legend), el("ul", { class: "key" }, ...items));
  }

  function mapPart() {
    for (const key of ["base", "regions", "rail", "roads", "crossings", "towns", "supply", "events", "names"]) {
      layer[key] = svg("g", {});
      layer[key].dataset.layer = key;
      canvas.append(layer[key]);
    }
    const tools = el("div", { class: "zoom" }, button("+", words.zoom_in, () => zoom(0.7)),
      button("−", words.zoom_out, () => zoom(1.4)), button("⌂", words.zoom_all, reset));
    return el("section", { "aria-label": words.map },
      el("div", { class: "map" }, canvas, tools, el("div", { class: "scale", "aria-hidden": "true" }, scaleText, scaleBar)),
      chosen, el("div", { class: "below" }, switches(), legend()));
  }

  function drawMap() {
    drawBase();
    drawRoads();
    drawTowns();
    drawPoints();
    names.sort((a, b) => a.rank - b.rank);
    listen();
    if (canvas.clientWidth < 600) box = boxOf(map.start);
    settle();
  }

  // ---- tables

  function cell(each, numeric) {
    const node = el("td", numeric ? { class: "num" } : {});
    if (each.town && towns[each.town]) {
      const found = towns[each.town];
      node.append(button(each.t, `${each.t}: ${words.show_on_map}`, () => { goTo(found.each.at); found.show(); }));
    } else if (each.road && roads[each.road]) {
      const found = roads[each.road];
      node.append(button(each.t, `${each.t}: ${words.show_on_map}`, () => {
        const middle = found.hit.getPointAtLength(found.hit.getTotalLength() / 2);
        goTo([middle.x, middle.y]);
        found.show();
      }));
    } else if (each.u && /^https?:\/\//.test(each.u)) {
      node.append(el("a", { href: each.u, target: "_blank", rel: "noopener noreferrer nofollow" }, each.t));
    } else {
      node.textContent = each.t;
    }
    return node;
  }

  function worth(each) {
    if (each.n !== undefined) return each.n === null ? -Infinity : each.n;
    const digits = each.t.replace(/[\s\u202f\u00a0,*+]/g, "");
    return /^-?\d+$/.test(digits) ? Number(digits) : each.t;
  }

  function compare(a, b) {
    const [left, right] = [worth(a), worth(b)];
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left).localeCompare(String(right), view.lang);
  }

  function table(each) {
    const body = el("tbody", {});
    let rows = each.rows.map((row) => ({
      row, node: el("tr", {}, ...row.map((item, n) => cell(item, each.numeric.includes(n)))),
    }));
    const show = () => body.replaceChildren(...rows.map((item) => item.node));
    const heads = each.head.map((text, n) => {
      const head = el("th", { scope: "col", "aria-sort": "none" });
      if (each.numeric.includes(n)) head.classList.add("num");
      head.append(button(text, `${words.sort_by} ${text}`, () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        rows = [...rows].sort((a, b) => (up ? 1 : -1) * compare(a.row[n], b.row[n]));
        show();
      }));
      return head;
    });
    show();
    const parts = [];
    if (each.long && rows.length > 15) {
      const input = el("input", { type: "search", placeholder: words.filter, "aria-label": `${words.filter}: ${each.title}` });
      const none = el("p", { class: "note", hidden: "" }, words.filter_none);
      const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
      input.addEventListener("input", () => {
        const wanted = fold(input.value);
        let left = 0;
        for (const item of rows) {
          const fits = item.row.some((one) => fold(one.t).includes(wanted));
          item.node.hidden = !fits;
          left += fits ? 1 : 0;
        }
        none.hidden = left > 0;
      });
      parts.push(el("span", { class: "filter" }, input), none);
    }
    if (each.head.length) {
      parts.push(el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body)));
    }
    if (each.note) parts.push(el("p", { class: "note" }, each.note));
    return parts;
  }

  function tables() {
    return el("section", { class: "tables", "aria-label": words.contents }, ...view.tables.map((each) => {
      const count = each.rows.length ? ` (${each.rows.length})` : "";
      const open = each.long || each.rows.length > 30 ? {} : { open: "" };
      const node = el("details", { ...open, id: `table-${each.key}` }, el("summary", {}, each.title + count));
      node.append(...table(each));
      return node;
    }));
  }

  function lists() {
    return el("section", { class: "lists" }, ...view.lists.map((each) =>
      el("div", {}, el("h2", {}, each.title), el("ul", {}, ...each.items.map((item) => el("li", {}, item))))));
  }

  const tools = el("p", { class: "tools" }, button(words.print, words.print, () => window.print()));
  const main = el("main", {}, figures(), el("p", { class: "headline" }, view.headline), mapPart());
  page.append(header(), main);
  drawMap();
  main.append(tables(), lists());
  page.append(el("footer", {}, `${view.made} · ${view.levelText}`, tools));
})();
