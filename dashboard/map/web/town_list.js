// The page's list of towns without supply, shown as a click will leave it until the page has drawn
// it: the server's answer was asked for before the click.
import { el } from "../../../geodata/export/web/dom.js";

/** @import { TownNames } from "./types" */

/** What holds the list; the style sheet hides its other parts while it holds ours. */
const LIST = ".st-key-towns";

export class TownList {
  /** @type {HTMLElement | null} */
  shown = null;
  /** Number of the message whose answer is shown. */
  n = 0;

  /**
   * Show a list until the page answers a message.
   *
   * @param {TownNames} towns
   * @param {number} n - of the message
   */
  show({ title, count, names, more }, n) {
    const list = window.frameElement?.ownerDocument.querySelector(LIST);
    if (!list) return;
    this.remove();
    this.n = n;
    this.shown = el("div", { class: "sr-towns-ahead" }, [
      el("h3", { class: "sr-group sr-by_closure" }, [
        title,
        el("span", { class: "sr-count", text: count }),
      ]),
      names.length > 0 &&
        el(
          "ul",
          {},
          names.map((text) => el("li", { text })),
        ),
      more && el("p", { text: more }),
    ]);
    list.append(this.shown);
  }

  /**
   * Leave the list to the page, which has drawn it.
   *
   * @param {number} ack - number of the last message that it has seen
   */
  answered(ack) {
    if (ack >= this.n) this.remove();
  }

  remove() {
    this.shown?.remove();
    this.shown = null;
  }
}
