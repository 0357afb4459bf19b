// Texts of the chosen language and the form of its numbers.

/** @typedef {string | string[]} Message */

/** @type {Record<string, Message>} */
let texts = {};
/** @type {"en" | "fr"} */
export let lang = "en";
/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Use another language. Return whether anything changed.
 *
 * @param {Record<string, Message>} next - messages by key
 * @param {string} code - en or fr
 */
export function setTexts(next, code) {
  if (next === texts) return false;
  texts = next;
  lang = code === "fr" ? "fr" : "en";
  return true;
}

/**
 * Return the message of a key without its prefix `map.`; a missing one shows its key.
 *
 * @param {string} key
 * @param {Record<string, unknown>} [values] - what stands for {names}; `n` chooses the plural
 */
export function t(key, values = {}) {
  let message = texts[`map.${key}`];
  if (message === undefined) return key;
  if (Array.isArray(message)) {
    const one = lang === "fr" ? Number(values.n) < 2 : values.n === 1;
    message = message[one ? 0 : message.length - 1] ?? key;
  }
  return message.replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  );
}

/** @param {string} key */
export const hasText = (key) => texts[`map.${key}`] !== undefined;

const locale = () => (lang === "fr" ? "fr-FR" : "en-GB");

/**
 * Write a day or a month in words; nothing for no date.
 *
 * @param {string} iso - YYYY-MM-DD or YYYY-MM
 */
export function formatDate(iso) {
  const day = iso.length > 7 ? "numeric" : undefined;
  /** @type {Intl.DateTimeFormatOptions} */
  const form = { day, month: "long", year: "numeric", timeZone: "UTC" };
  return iso && new Date(iso).toLocaleDateString(locale(), form);
}

/**
 * Write a number in the language's form. Formats are kept: making one is slow.
 *
 * @param {number} value
 * @param {number} [decimals]
 */
export function formatNumber(value, decimals = 0) {
  const key = `${lang}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), { maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format.format(value);
}

/**
 * Return a road's number in words. Of several, joined by a slash, each that its source is unsure of
 * ends in a question mark; a hyphen stands for a part of the road without a number.
 *
 * @param {string} ref
 */
export const roadNumber = (ref) =>
  ref
    .split("/")
    .filter((each) => /[\p{L}\p{N}]/u.test(each))
    .map((each) => (each.endsWith("?") ? t("segment.unsure", { road: each.slice(0, -1) }) : each))
    .join("/");
