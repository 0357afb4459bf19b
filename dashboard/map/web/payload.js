// Decoding of the state that the server sends; `dashboard/map/payload.py` encodes it.

/** @typedef {import("./types").MapState} MapState */
/** @typedef {import("./types").MapEvent} MapEvent */

/**
 * Decode base64 of UTF-8 JSON.
 *
 * @param {string} coded
 * @returns {MapState}
 */
export function decodeState(coded) {
  const bytes = Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * Return row numbers, which come as a list or as base64 of a bit for each row.
 *
 * @param {number[] | string | undefined} coded
 * @returns {number[]}
 */
export function rowNumbers(coded) {
  if (typeof coded !== "string") return coded || [];
  const bytes = atob(coded);
  const rows = [];
  for (let i = 0; i < bytes.length * 8; i++) {
    if ((bytes.charCodeAt(i >> 3) >> (i & 7)) & 1) rows.push(i);
  }
  return rows;
}

/**
 * Read an event from its row; `region` is set when only the region is known.
 *
 * @param {import("./types").EventRow} row
 * @returns {MapEvent}
 */
export function readEvent(row) {
  const [id, lat, lon, type, age, date, confidence, title, source, url, place, region] = row;
  return { id, lat, lon, type, age, date, confidence, title, source, url, place, region };
}
