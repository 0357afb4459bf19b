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
