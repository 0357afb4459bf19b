// Glyphs on a 16 x 16 grid, centred on 0.
import { hasText, t } from "./texts.js";

/** @type {Record<string, string>} */
const GLYPHS = {
  ambush: "M0 -5L1.4 -1.6L5 -1.6L2.1 .6L3.2 4.3L0 2.1L-3.2 4.3L-2.1 .6L-5 -1.6L-1.4 -1.6Z",
  armed_clash: "M-4 -4L4 4M4 -4L-4 4",
  vehicle_burning:
    "M0 -5C1 -2.6 3.6 -1 3.6 1.6A3.6 3.6 0 0 1 -3.6 1.6C-3.6 0 -2.6 -1 -2 -2C-1.4 -1.2 -1 -1 -.6 -1C-1 -2.4 -.8 -3.8 0 -5Z",
  abduction: "M0 -4.6A1.9 1.9 0 1 1 -.01 -4.6M-3.4 4.4C-3.4 1.6 -2 .2 0 .2S3.4 1.6 3.4 4.4",
  blockade: "M-4.6 -2.4H4.6V.6H-4.6ZM-3 .6V4M3 .6V4M-2.6 .6L-.2 -2.4M1 .6L3.4 -2.4",
  siege: "M0 -1.2A1.2 1.2 0 1 1 -.01 -1.2M0 -4.6A4.6 4.6 0 1 1 -.01 -4.6",
  checkpoint: "M-4.4 4V-1.4M-4.4 -1L4.6 -4",
  convoy_arrival:
    "M-5 -2.8H1.2V2.4H-5ZM1.2 -.8H3.6L5 .9V2.4H1.2M-3.4 2.4V3.6H-2V2.4M2.2 2.4V3.6H3.6V2.4",
  blockade_lifted_or_truce: "M-4 .2L-1.2 3L4.2 -3.2",
  damage: "M-5 2.6V-.4H-1.8L-.9 -2.6M5 2.6V-.4H1.8L.9 -2.6M-1.6 3.6L1.6 3.6",
  policy: "M-3.2 -4.4H1.4L3.2 -2.6V4.4H-3.2ZM-1.4 -.8H1.6M-1.4 1.4H1.6",
  other: "M0 -1.6V3.6M0 -4.2V-3.6",
};
/** @type {Record<string, string>} */
const FAMILY = {
  ambush: "harm",
  armed_clash: "harm",
  vehicle_burning: "harm",
  abduction: "harm",
  explosion: "harm",
  blockade: "bar",
  siege: "bar",
  checkpoint: "bar",
  damage: "bar",
  convoy_arrival: "ease",
  blockade_lifted_or_truce: "ease",
  policy: "rule",
};
/** @param {string} type */
export const eventGlyph = (type) => GLYPHS[type] || GLYPHS.other;
/** @param {string} type */
export const eventFamily = (type) => FAMILY[type] || "rule";
/** @param {string} type */
export const eventName = (type) => (hasText(`event.${type}`) ? t(`event.${type}`) : type);
