import assert from "node:assert/strict";
import { test } from "node:test";
import { Messages } from "../../dashboard/map/web/messages.js";
import { readNetwork } from "../../dashboard/map/web/network.js";
import { decodeState, readEvent, rowNumbers } from "../../dashboard/map/web/payload.js";
import {
  formatDate,
  formatNumber,
  roadNumber,
  setTexts,
  t,
} from "../../dashboard/map/web/texts.js";
import { httpUrl } from "../../geodata/export/web/dom.js";
import { scaleBar } from "../../geodata/export/web/scale.js";

test("a state survives base64 with letters of any script", () => {
  const state = { lang: "fr", why: [["Ségou – تمبكتو", [1, 2]]], ack: 0 };
  const coded = Buffer.from(JSON.stringify(state), "utf8").toString("base64");
  assert.deepEqual(decodeState(coded), state);
});

test("row numbers come as a list or as a bit for each row", () => {
  assert.deepEqual(rowNumbers([3, 5]), [3, 5]);
  assert.deepEqual(rowNumbers(undefined), []);
  const bytes = Buffer.from([0b00000001, 0b10000000, 0b00000100]);
  assert.deepEqual(rowNumbers(bytes.toString("base64")), [0, 15, 18]);
});

test("an event is read column by column", () => {
  const row = /** @type {const} */ ([
    "MLI-1",
    14.5,
    -11.2,
    "ambush",
    9,
    "1 October 2025",
    "high",
    "Title",
    "Source",
    "https://example.org",
    "Kayes",
    "",
  ]);
  const event = readEvent([...row]);
  assert.equal(event.lat, 14.5);
  assert.equal(event.age, 9);
  assert.equal(event.place, "Kayes");
  assert.equal(event.region, "");
});

test("a network's rows keep their order and know their index", () => {
  const network = readNetwork({
    scale: 10000,
    classes: ["national paved"],
    bases: ["surveyed"],
    tankers: ["yes"],
    segments: [["a--b", 0, 1, 12, "RN1", 0, 0, 0, [0, 0, 100, 0]]],
    nodes: [
      ["a", "A", "port", "SEN", "", null, 1, 0, 0, 0],
      ["b", "B", "town", "MLI", "Kayes", 5000, 0, 1, 0, 0.01],
    ],
    bounds: [
      [0, 0],
      [0, 0.01],
    ],
    home: [
      [0, 0],
      [0, 0.01],
    ],
    english: { b: "Bee" },
    focus: "MLI",
  });
  assert.equal(network.index.get("a--b"), 0);
  assert.equal(network.roadClass[0], "national paved");
  assert.deepEqual([network.nodes[0].supply, network.nodes[0].town], [true, false]);
  assert.deepEqual([network.nodes[1].supply, network.nodes[1].town], [false, true]);
  const names = () => network.nodes.map((node) => node.name);
  setTexts({ "map.one": "" }, "fr");
  assert.deepEqual(names(), ["A", "B"]);
  setTexts({ "map.one": "" }, "en");
  assert.deepEqual(names(), ["A", "Bee"]);
});

test("texts take their values, their plural and the language's numbers and dates", () => {
  const texts = { "map.one": "from {from}", "map.many": ["{n} town", "{n} towns"] };
  setTexts(texts, "en");
  assert.equal(t("one", { from: "Gao" }), "from Gao");
  assert.equal(t("many", { n: 1 }), "1 town");
  assert.equal(t("many", { n: 0 }), "0 towns");
  assert.equal(t("missing"), "missing");
  assert.equal(formatNumber(12345), "12,345");
  assert.deepEqual(["2025-06-07", "2024-02", ""].map(formatDate), [
    "7 June 2025",
    "February 2024",
    "",
  ]);
  setTexts({ ...texts }, "fr");
  assert.equal(t("many", { n: 0 }), "0 town");
  assert.match(formatNumber(12345), /^12\s345$/);
  assert.equal(formatDate("2025-06-07"), "7 juin 2025");
});

test("messages have growing numbers and carry those not yet answered", () => {
  /** @type {any[]} */
  const sent = [];
  const messages = new Messages((value) => sent.push(value));
  messages.send("segment", "a--b");
  messages.send("segment", "b--c");
  assert.ok(sent[1].n > sent[0].n);
  assert.deepEqual(
    sent[1].before.map((/** @type {any} */ m) => m.id),
    ["a--b"],
  );
  messages.answered(sent[1].n);
  messages.send("town", "gao");
  assert.deepEqual(sent[2].before, []);
});

test("only http and https addresses become links", () => {
  assert.equal(httpUrl("https://example.org/a"), "https://example.org/a");
  assert.equal(httpUrl("javascript:alert(1)"), null);
  assert.equal(httpUrl(null), null);
});

test("the scale bar shows the longest round length that fits", () => {
  assert.deepEqual(scaleBar(1, 150), { km: 100, width: 100 });
  assert.deepEqual(scaleBar(0.4, 110), { km: 200, width: 80 });
  assert.deepEqual(scaleBar(1000, 110), { km: 1, width: 1000 });
});

test("a road's number is shown without the marks of the table that it stands in", () => {
  setTexts({ "map.segment.unsure": "{road} (number unsure)" }, "en");
  assert.equal(roadNumber("RN26/-"), "RN26");
  assert.equal(roadNumber("RN24?"), "RN24 (number unsure)");
  assert.equal(roadNumber("RN12/N9?"), "RN12/N9 (number unsure)");
  assert.equal(roadNumber("-"), "");
});
