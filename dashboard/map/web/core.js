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
