// Files of this app, each fetched once.

/** Files kept, the ones asked for last: a page that plays for hours names a new one each day. */
const KEPT = 60;
/** How long to wait before a file is asked for a second time, in milliseconds. */
const AGAIN = 400;

/** @type {Map<string, Promise<any>>} */
const files = new Map();

/** A file that could not be had. */
export class MissingFile extends Error {}

/** @param {string} url */
async function load(url) {
  const answer = await fetch(url).catch((fault) => {
    throw new MissingFile(`${url}: ${fault}`);
  });
  if (!answer.ok) throw new MissingFile(`${url}: ${answer.status}`);
  return answer.json();
}

/**
 * Fetch a JSON file; one that fails is asked for once more, and again the next time.
 *
 * @param {string} url
 * @param {number} [wait] - milliseconds before the second attempt
 * @returns {Promise<any>}
 */
export function fetchJson(url, wait = AGAIN) {
  const file =
    files.get(url) ??
    load(url)
      .catch(() => new Promise((done) => setTimeout(done, wait)).then(() => load(url)))
      .catch((fault) => {
        files.delete(url);
        throw fault;
      });
  files.delete(url);
  files.set(url, file);
  for (const oldest of [...files.keys()].slice(0, -KEPT)) files.delete(oldest);
  return file;
}

/**
 * Tell the console of a fault. For a missing file a warning is enough: what is drawn stays until
 * the next state comes.
 *
 * @param {unknown} fault
 */
export function tell(fault) {
  if (fault instanceof MissingFile) console.warn(fault.message);
  else console.error(fault);
}
