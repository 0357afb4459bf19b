import assert from "node:assert/strict";
import { test } from "node:test";
import { RoadEffects } from "../../dashboard/map/web/road_effects.js";

/**
 * Let `fetch` answer when it is told to.
 *
 * @param {import("node:test").TestContext} context
 */
function server(context) {
  /** @type {string[]} */
  const asked = [];
  /** @type {((status: number) => void)[]} */
  const answers = [];
  const answer = (/** @type {string} */ url) =>
    new Promise((done) => {
      const query = new URL(url, "http://127.0.0.1/a/b/c").searchParams;
      asked.push(`${query.get("of")} ${query.get("about")}`);
      answers.push((status) => {
        const body = status === 200 ? JSON.stringify({ text: query.get("about") }) : null;
        done(new Response(body, { status }));
      });
    });
  context.mock.method(globalThis, "fetch", answer);
  return { asked, answers };
}

const settled = () => new Promise((done) => setTimeout(done, 0));

test("an answer is known and told, and not asked for again", async (context) => {
  const { asked, answers } = server(context);
  /** @type {string[]} */
  const told = [];
  const effects = new RoadEffects((segment) => told.push(segment));
  effects.follow("t1");
  effects.ask("a b&c");
  answers[0](200);
  await settled();
  effects.ask("a b&c");
  assert.deepEqual(asked, ["t1 a b&c"]);
  assert.deepEqual(told, ["a b&c"]);
  assert.equal(effects.known.get("a b&c")?.text, "a b&c");
});

test("of the questions that wait for an answer only the last is asked", async (context) => {
  const { asked, answers } = server(context);
  const effects = new RoadEffects(() => {});
  effects.follow("t1");
  for (const segment of ["a", "b", "c"]) effects.ask(segment);
  answers[0](200);
  await settled();
  answers[1](200);
  await settled();
  assert.deepEqual(asked, ["t1 a", "t1 c"]);
});

test("an answer for a former state counts for nothing", async (context) => {
  const { answers } = server(context);
  /** @type {string[]} */
  const told = [];
  const effects = new RoadEffects((segment) => told.push(segment));
  effects.follow("t1");
  effects.ask("a");
  effects.follow("t2");
  answers[0](200);
  await settled();
  assert.equal(effects.known.size, 0);
  assert.deepEqual(told, []);
});

test("what was known of a former state is forgotten, and of the same state kept", async (context) => {
  const { answers } = server(context);
  const effects = new RoadEffects(() => {});
  effects.follow("t1");
  effects.ask("a");
  answers[0](200);
  await settled();
  effects.follow("t1");
  assert.equal(effects.known.size, 1);
  effects.follow("t2");
  assert.equal(effects.known.size, 0);
});

test("without a token nothing is asked, and a refusal or a lost line leaves the next one free", async (context) => {
  const { asked, answers } = server(context);
  const effects = new RoadEffects(() => {});
  effects.ask("a");
  effects.follow("");
  effects.ask("a");
  assert.deepEqual(asked, []);
  effects.follow("t1");
  for (const [k, status] of [204, 500].entries()) {
    effects.ask("a");
    answers[k](status);
    await settled();
  }
  assert.equal(effects.known.size, 0);
  context.mock.method(globalThis, "fetch", () => Promise.reject(new TypeError("offline")));
  await effects.ask("a");
  assert.equal(effects.asking, false);
});
