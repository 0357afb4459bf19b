// The network's file and the states of its segments.
import { decodeLine, project } from "./geometry.js";

/** @import { Network, NetworkFile, NetworkNode, SegmentState } from "./types" */

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
  const rows = data.segments;
  const ids = rows.map((row) => row[0]);
  const roadClass = rows.map((row) => data.classes[row[5]]);
  return {
    ids,
    from: rows.map((row) => row[1]),
    to: rows.map((row) => row[2]),
    km: rows.map((row) => row[3]),
    road: rows.map((row) => row[4]),
    roadClass,
    basis: rows.map((row) => data.bases[row[6]]),
    tanker: rows.map((row) => data.tankers[row[7]]),
    lines: rows.map((row) => decodeLine(row[8], data.scale)),
    width: roadClass.map((name) => CLASS_WIDTH[name] || 2.2),
    nodes: data.nodes.map(readNode),
    bounds: data.bounds,
    home: data.home,
    index: new Map(ids.map((id, i) => [id, i])),
    focus: data.focus,
  };
}

/**
 * @param {NetworkFile["nodes"][number]} row
 * @returns {NetworkNode}
 */
function readNode([id, name, kind, country, admin1, people, supply, town, lat, lon]) {
  return {
    id,
    name,
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
