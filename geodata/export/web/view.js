// The exported page. All that it shows comes from a JSON block and is set as text or as a number;
// nothing in it is ever read as markup.
import { button, view, words } from "./content.js";
import { el } from "./dom.js";
import { drawMap, mapPart } from "./view_map.js";
import { tables } from "./view_tables.js";

const page = /** @type {HTMLElement} */ (document.getElementById("page"));

function header() {
  return el(
    "header",
    {},
    el("div", { class: "kicker" }, view.kicker),
    el("div", { class: view.public ? "level" : "level full" }, view.level),
    el("h1", {}, view.title),
    el("p", { class: "subtitle" }, view.subtitle),
  );
}

function figures() {
  return el(
    "div",
    { class: "figures" },
    ...view.figures.map((each) =>
      el(
        "div",
        { class: each.alarm ? "figure alarm" : "figure" },
        el("b", {}, each.value),
        el("span", {}, each.label),
        el("small", {}, each.note),
      ),
    ),
  );
}

/** An address is a link, all else is text. */
const linked = (/** @type {string} */ item) =>
  /^https?:\/\/\S+$/.test(item) ? el("a", { href: item, rel: "noopener" }, item) : item;

function lists() {
  return el(
    "section",
    { class: "lists" },
    ...view.lists.map((each) =>
      el(
        "div",
        {},
        el("h2", {}, each.title),
        el("ul", {}, ...each.items.map((item) => el("li", {}, linked(item)))),
      ),
    ),
  );
}

const tools = el(
  "p",
  { class: "tools" },
  button(words.print, words.print, () => window.print()),
);
const main = el(
  "main",
  {},
  figures(),
  el("p", { class: "headline" }, view.headline),
  tables(true),
  mapPart(),
);
page.append(header(), main);
drawMap();
main.append(tables(false), lists());
page.append(el("footer", {}, `${view.made} · ${view.levelText}`, tools));
