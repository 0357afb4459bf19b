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
