// Geometry of lines: decoding, projection, path data, distances. Nothing here needs a page.

/** @typedef {import("./types").Frame} Frame */
/** @typedef {ArrayLike<number>} Line - x and y in turn */

/** Mean radius of the Earth. */
const EARTH_KM = 6371.0088;

/**
 * Decode a flat list of whole numbers (the first longitude and latitude, then differences, in
 * 1/scale degree) to Web Mercator coordinates on a world of side 1.
 *
 * @param {number[]} flat
 * @param {number} scale
 */
export function decodeLine(flat, scale) {
  const out = new Float64Array(flat.length);
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < flat.length; i += 2) {
    lon += flat[i];
    lat += flat[i + 1];
    out.set(project(lat / scale, lon / scale), i);
  }
  return out;
}

/**
 * Project degrees to Web Mercator on a world of side 1, x to the east and y to the south.
 *
 * @param {number} lat
 * @param {number} lon
 * @returns {[number, number]}
 */
export function project(lat, lon) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/**
 * Return the ring of a circle on the sphere, in longitudes and latitudes, not closed.
 *
 * @param {number} lat
 * @param {number} lon
 * @param {number} km
 * @param {number} [corners]
 * @returns {[number, number][]}
 */
export function circleRing(lat, lon, km, corners = 72) {
  const turn = Math.PI / 180;
  const reach = km / EARTH_KM;
  const [sin, cos] = [Math.sin(lat * turn), Math.cos(lat * turn)];
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    const up = Math.asin(sin * Math.cos(reach) + cos * Math.sin(reach) * Math.cos(angle));
    const across = Math.atan2(
      Math.sin(angle) * Math.sin(reach) * cos,
      Math.cos(reach) - sin * Math.sin(up),
    );
    return [lon + across / turn, up / turn];
  });
}

/**
 * Return how world coordinates become pixels of the map's pane.
 *
 * @param {L.Map} map
 * @returns {Frame}
 */
export function frameOf(map) {
  const origin = map.getPixelOrigin();
  return { k: 256 * 2 ** map.getZoom(), x: origin.x, y: origin.y };
}

/** @param {number} zoom */
export const zoomFactor = (zoom) => Math.max(0.72, Math.min(1.9, 0.9 + (zoom - 6) * 0.17));

/**
 * Write SVG path data; points nearer than `gap` pixels to the last kept one are left out.
 *
 * @param {Line} line - world coordinates
 * @param {Frame} frame
 * @param {number} [gap]
 * @param {boolean} [close]
 */
export function pathData(line, frame, gap = 0.8, close = false) {
  const least = gap ** 2;
  const n = line.length;
  let d = "";
  let px = NaN;
  let py = NaN;
  for (let i = 0; i < n; i += 2) {
    const x = line[i] * frame.k - frame.x;
    const y = line[i + 1] * frame.k - frame.y;
    if (i > 0 && i < n - 2 && (x - px) ** 2 + (y - py) ** 2 < least) continue;
    d += `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    px = x;
    py = y;
  }
  return close ? `${d}Z` : d;
}

/**
 * Write path data of several lines; see `pathData`.
 *
 * @param {Line[]} lines
 * @param {Frame} frame
 * @param {number} [gap]
 * @param {boolean} [close]
 */
export function pathsData(lines, frame, gap, close) {
  return lines.map((line) => pathData(line, frame, gap, close)).join("");
}

/**
 * Return a line's pixels.
 *
 * @param {Line} line - world coordinates
 * @param {Frame} frame
 */
export function pixelsOf(line, frame) {
  const out = new Float64Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    out[i] = line[i] * frame.k - frame.x;
    out[i + 1] = line[i + 1] * frame.k - frame.y;
  }
  return out;
}

/**
 * Return the distance from a point to a line; what cannot beat `enough` is not computed.
 *
 * @param {Line} p
 * @param {number} x
 * @param {number} y
 * @param {number} [enough]
 */
export function distanceTo(p, x, y, enough = Infinity) {
  let least = Infinity;
  for (let i = 2; i < p.length; i += 2) {
    const [ax, ay, bx, by] = [p[i - 2], p[i - 1], p[i], p[i + 1]];
    const beyond =
      Math.min(ax, bx) - enough > x ||
      Math.max(ax, bx) + enough < x ||
      Math.min(ay, by) - enough > y ||
      Math.max(ay, by) + enough < y;
    if (beyond) continue;
    const dx = bx - ax;
    const dy = by - ay;
    const run = dx * dx + dy * dy;
    const share = run ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / run)) : 0;
    least = Math.min(least, Math.hypot(x - ax - share * dx, y - ay - share * dy));
  }
  return least;
}

/**
 * Return the point half-way along a line, and the line's length.
 *
 * @param {Line} p
 * @returns {[number, number, number]}
 */
export function midpoint(p) {
  const steps = [];
  let length = 0;
  for (let i = 2; i < p.length; i += 2) {
    const step = Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]);
    steps.push(step);
    length += step;
  }
  let left = length / 2;
  let k = 0;
  while (k < steps.length - 1 && left > steps[k]) left -= steps[k++];
  const share = steps[k] ? left / steps[k] : 0;
  const i = k * 2;
  return [p[i] + (p[i + 2] - p[i]) * share, p[i + 1] + (p[i + 3] - p[i + 1]) * share, length];
}

/**
 * Join segments in travelling order to one line of world coordinates.
 *
 * @param {{ lines: Line[], from: number[], to: number[] }} network
 * @param {number[]} indices
 * @returns {number[]}
 */
export function joinLines(network, indices) {
  /** @type {number[]} */
  const out = [];
  const { from, to, lines } = network;
  /** @type {(j: number | undefined, node: number) => boolean} */
  const meets = (j, node) => j !== undefined && (from[j] === node || to[j] === node);
  indices.forEach((i, k) => {
    const line = lines[i];
    const next = indices[k + 1];
    const last = indices[k - 1];
    const [tail, head] = [from[i], to[i]];
    const turned =
      next !== undefined
        ? meets(next, tail) && !meets(next, head)
        : meets(last, head) && !meets(last, tail);
    for (let q = 0; q < line.length; q += 2) {
      const place = turned ? line.length - 2 - q : q;
      out.push(line[place], line[place + 1]);
    }
  });
  return out;
}

/**
 * Write path data of a line shifted sideways.
 *
 * @param {Line} p - pixels
 * @param {number} gap - pixels
 */
export function offsetPath(p, gap) {
  const kept = [p[0], p[1]];
  for (let i = 2; i < p.length; i += 2) {
    const n = kept.length;
    const step = Math.hypot(p[i] - kept[n - 2], p[i + 1] - kept[n - 1]);
    if (step > 3) kept.push(p[i], p[i + 1]);
  }
  let d = "";
  for (let i = 0; i < kept.length; i += 2) {
    const a = Math.max(0, i - 2);
    const b = Math.min(kept.length - 2, i + 2);
    const dx = kept[b] - kept[a];
    const dy = kept[b + 1] - kept[a + 1];
    const run = Math.hypot(dx, dy) || 1;
    const x = kept[i] + (gap * dy) / run;
    const y = kept[i + 1] - (gap * dx) / run;
    d += `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return d;
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Find the neighbour of a point in the direction of an arrow key.
 *
 * @param {(readonly [number, number] | undefined)[]} points - those left out are undefined
 * @param {number} from
 * @param {string} key - of a keyboard event
 * @returns {number | null} -1 if there is none that way; null if the key is no arrow
 */
export function arrowNeighbour(points, from, key) {
  const step = ARROWS[key];
  const here = points[from];
  if (!step || !here) return null;
  let best = -1;
  let least = Infinity;
  points.forEach((point, j) => {
    if (!point || j === from) return;
    const dx = point[0] - here[0];
    const dy = point[1] - here[1];
    const along = dx * step[0] + dy * step[1];
    const cost = along + 2.2 * (Math.abs(dx * step[1]) + Math.abs(dy * step[0]));
    if (along > 0 && cost < least) {
      least = cost;
      best = j;
    }
  });
  return best;
}

/**
 * Return places around a point for so many symbols, on circles of up to ten and then twenty.
 *
 * @param {number} count
 * @returns {[number, number][]} right and down of the point, pixels
 */
export function ring(count) {
  /** @type {[number, number][]} */
  const places = [];
  for (let circle = 1, left = count; left > 0; circle += 1) {
    const here = Math.min(left, 10 * circle);
    const radius = circle * (count > 8 ? 35 : 30);
    for (let n = 0; n < here; n += 1) {
      const angle = 2 * Math.PI * (n / here) - Math.PI / 2;
      places.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
    }
    left -= here;
  }
  return places;
}

/**
 * Return how far each point is from the one nearest to it. Points at one place count as one.
 *
 * @param {(readonly [number, number])[]} points
 * @param {number} most - what is farther away is of no account
 * @returns {number[]}
 */
export function roomAround(points, most) {
  const order = points.map((_, i) => i).sort((a, b) => points[a][0] - points[b][0]);
  const rooms = points.map(() => most);
  order.forEach((i, place) => {
    const [x, y] = points[i];
    for (let next = place + 1; next < order.length; next += 1) {
      const j = order[next];
      const across = points[j][0] - x;
      if (across > most) break;
      const away = Math.hypot(across, points[j][1] - y);
      if (away === 0) continue;
      rooms[i] = Math.min(rooms[i], away);
      rooms[j] = Math.min(rooms[j], away);
    }
  });
  return rooms;
}
