import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchJson, MissingFile, tell } from "../../dashboard/map/web/files.js";

/**
 * Let `fetch` answer with these statuses, one a request; the rest with 200.
 *
 * @param {import("node:test").TestContext} context
 * @param {number[]} statuses
 * @returns {string[]} the addresses asked for
 */
function server(context, statuses) {
  /** @type {string[]} */
  const asked = [];
  const answer = async (/** @type {string} */ url) => {
    const status = statuses[asked.push(url) - 1] ?? 200;
    return new Response(JSON.stringify({ url }), { status });
  };
  context.mock.method(globalThis, "fetch", answer);
  return asked;
}

test("a file is fetched once for all who ask for it", async (context) => {
  const asked = server(context, []);
  assert.deepEqual(await Promise.all([fetchJson("a"), fetchJson("a")]), [
    { url: "a" },
    { url: "a" },
  ]);
  await fetchJson("a");
  assert.deepEqual(asked, ["a"]);
});

test("a file that fails once is asked for once more", async (context) => {
  const asked = server(context, [404]);
  assert.deepEqual(await fetchJson("b", 1), { url: "b" });
  assert.deepEqual(asked, ["b", "b"]);
});

test("a file that fails twice is refused, and asked for again the next time", async (context) => {
  const asked = server(context, [404, 404]);
  await assert.rejects(fetchJson("c", 1), new MissingFile("c: 404"));
  assert.deepEqual(asked, ["c", "c"]);
  assert.deepEqual(await fetchJson("c", 1), { url: "c" });
});

test("files asked for long ago are let go, those in use are kept", async (context) => {
  const asked = server(context, []);
  await fetchJson("first");
  for (let day = 0; day < 200; day += 1) {
    await fetchJson(`day ${day}`);
    await fetchJson("texts");
  }
  assert.equal(asked.filter((url) => url === "texts").length, 1);
  await fetchJson("first");
  assert.equal(asked.filter((url) => url === "first").length, 2);
});

test("a missing file is a warning, any other fault an error", (context) => {
  const warn = context.mock.method(console, "warn", () => undefined);
  const error = context.mock.method(console, "error", () => undefined);
  tell(new MissingFile("c: 404"));
  assert.equal(warn.mock.callCount(), 1);
  assert.equal(error.mock.callCount(), 0);
  tell(new TypeError("x is undefined"));
  assert.equal(warn.mock.callCount(), 1);
  assert.equal(error.mock.callCount(), 1);
});
