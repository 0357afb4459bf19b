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
