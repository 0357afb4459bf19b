// Tables of the exported page: sorted, filtered, linked with the map.

import { button, view, words } from "./content.js";
import { el, httpUrl } from "./dom.js";
import { goTo, roads, towns } from "./view_map.js";

/** @import { Cell, Table } from "./types" */

/**
 * @param {Cell} each
 * @param {boolean} numeric
 */
function cell(each, numeric) {
  const node = el("td", numeric ? { class: "num" } : {});
  if (each.town && towns[each.town]) {
    const found = towns[each.town];
    node.append(
      button(each.t, `${each.t}: ${words.show_on_map}`, () => {
        goTo(found.each.at);
        found.show();
      }),
    );
  } else if (each.road && roads[each.road]) {
    const found = roads[each.road];
    node.append(
      button(each.t, `${each.t}: ${words.show_on_map}`, () => {
        goTo(found.middle());
        found.show();
      }),
    );
  } else if (httpUrl(each.u)) {
    node.append(
      el("a", { href: each.u, target: "_blank", rel: "noopener noreferrer nofollow" }, each.t),
    );
  } else {
    node.textContent = each.t;
  }
  return node;
}

/** @param {Cell} each */
function worth(each) {
  if (each.n !== undefined) return each.n === null ? -Infinity : each.n;
  const digits = each.t.replace(/[\s\u202f\u00a0,*+]/g, "");
  return /^-?\d+$/.test(digits) ? Number(digits) : each.t;
}

/**
 * @param {Cell} a
 * @param {Cell} b
 */
function compare(a, b) {
  const [left, right] = [worth(a), worth(b)];
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), view.lang);
}

/** @param {Table} each */
function table(each) {
  const body = el("tbody", {});
  let rows = each.rows.map((row) => ({
    row,
    node: el("tr", {}, ...row.map((item, n) => cell(item, each.numeric.includes(n)))),
  }));
  const show = () => body.replaceChildren(...rows.map((item) => item.node));
  const heads = each.head.map((text, n) => {
    const head = el("th", { scope: "col", "aria-sort": "none" });
    if (each.numeric.includes(n)) head.classList.add("num");
    head.append(
      button(text, `${words.sort_by} ${text}`, () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        rows = [...rows].sort((a, b) => (up ? 1 : -1) * compare(a.row[n], b.row[n]));
        show();
      }),
    );
    return head;
  });
  show();
  const parts = [];
  if (each.long && rows.length > 15) {
    const input = el("input", {
      type: "search",
      placeholder: words.filter,
      "aria-label": `${words.filter}: ${each.title}`,
    });
    const none = el("p", { class: "note", hidden: "" }, words.filter_none);
    const fold = (/** @type {string} */ text) =>
      text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase();
    input.addEventListener("input", () => {
      const wanted = fold(input.value);
      let left = 0;
      for (const item of rows) {
        const fits = item.row.some((one) => fold(one.t).includes(wanted));
        item.node.hidden = !fits;
        left += fits ? 1 : 0;
      }
      none.hidden = left > 0;
    });
    parts.push(el("span", { class: "filter" }, input), none);
  }
  if (each.head.length) {
    parts.push(
      el(
        "div",
        { class: "scroll" },
        el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body),
      ),
    );
  }
  if (each.note) parts.push(el("p", { class: "note" }, each.note));
  return parts;
}

/** @param {boolean} first Those above the map, or the others. */
export function tables(first) {
  return el(
    "section",
    first ? { class: "tables" } : { class: "tables", "aria-label": words.contents },
    ...view.tables
      .filter((each) => Boolean(each.first) === first)
      .map((each) => {
        const count = each.count ? ` (${each.count})` : "";
        const open = each.long || each.rows.length > 30 ? {} : { open: "" };
        const node = el(
          "details",
          { ...open, id: `table-${each.key}` },
          el("summary", {}, each.title + count),
        );
        node.append(...table(each));
        return node;
      }),
  );
}
