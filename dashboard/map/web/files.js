// Files of this app, each fetched once.

/** @type {Map<string, Promise<any>>} */
const files = new Map();

/**
 * Fetch a JSON file; a failed one is fetched again the next time.
 *
 * @param {string} url
 * @returns {Promise<any>}
 */
export function fetchJson(url) {
  let file = files.get(url);
  if (!file) {
    file = fetch(url)
      .then((answer) => {
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      })
      .catch((fault) => {
        files.delete(url);
        throw fault;
      });
    files.set(url, file);
  }
  return file;
}
