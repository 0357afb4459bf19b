// The network's file and the states of its segments.
import { decodeLine, project } from "./geometry.js";
import { RoadTiles } from "./road_tiles.js";
import { lang } from "./texts.js";

/** @import { Network, NetworkFile, NetworkNode, NumberedRow, SegmentState } from "./types" */

/** @type {SegmentState[]} */
export const STATES = ["open", "escort_only", "contested", "closed", "cut", "impassable"];
/** @type {Record<string, number>} */
export const CLASS_WIDTH = {
  "national paved": 3,
  "national unpaved": 2.5,
  regional: 2.1,
  "desert track": 1.7,
  motorway: 3.6,
  primary: 3,
  secondary: 2.4,
  tertiary: 2,
  track: 1.5,
};

/**
 * Plain facts of a network's file, decoded: shared by the SVG and the canvas drawing.
 *
 * @param {NetworkFile} data
 * @returns {Network}
 */
export function readNetwork(data) {
  const n = data.count ?? data.segments.length;
  /** @type {Network} */
  const network = {
    ids: new Array(n),
    from: new Array(n),
    to: new Array(n),
    km: new Array(n),
    road: new Array(n),
    roadClass: new Array(n),
    basis: new Array(n),
    tanker: new Array(n),
    lines: new Array(n),
    width: new Array(n),
    nodes: data.nodes.map((row) => readNode(row, data.english)),
    bounds: data.bounds,
    home: data.home,
    index: new Map(),
    focus: data.focus,
    tiles: null,
  };
  data.segments.forEach((row, i) => {
    addSegment(network, data, [i, ...row]);
  });
  if (data.levels) network.tiles = new RoadTiles(network, data);
  return network;
}

/**
 * Enter one segment; a line that is known already is replaced.
 *
 * @param {Network} network
 * @param {NetworkFile} data
 * @param {NumberedRow} row
 */
export function addSegment(network, data, row) {
  const [i, id, from, to, km, road, roadClass, basis, tanker, line] = row;
  network.ids[i] = id;
  network.index.set(id, i);
  network.from[i] = from;
  network.to[i] = to;
  network.km[i] = km;
  network.road[i] = road;
  network.roadClass[i] = data.classes[roadClass];
  network.basis[i] = data.bases[basis];
  network.tanker[i] = data.tankers[tanker];
  network.width[i] = CLASS_WIDTH[network.roadClass[i]] || 2.2;
  network.lines[i] = decodeLine(line, data.scale);
}

/**
 * @param {NetworkFile["nodes"][number]} row
 * @param {NetworkFile["english"]} english
 * @returns {NetworkNode}
 */
function readNode([id, name, kind, country, admin1, people, supply, town, lat, lon], english) {
  return {
    id,
    get name() {
      return (lang === "en" && english[id]) || name;
    },
    kind,
    country,
    admin1,
    people,
    supply: supply === 1,
    town: town === 1,
    lat,
    lon,
    at: project(lat, lon),
  };
}
