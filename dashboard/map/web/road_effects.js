// What a click on a road would change, asked of the server while the pointer rests there.

/** Milliseconds that the pointer rests on a road before the server is asked. */
const REST = 100;
/** Address, from the frame, at which the session answers. */
const ANSWERS = "../../session-answer";

/** @import { RoadEffect } from "./types" */

export class RoadEffects {
  /** Answers for the state that is drawn, by segment. */
  /** @type {Map<string, RoadEffect>} */
  known = new Map();
  token = "";
  /** The segment to ask about next. */
  next = "";
  asking = false;
  timer = 0;

  /** @param {(segment: string) => void} told - called when an answer has come */
  constructor(told) {
    this.told = told;
  }

  /**
   * Follow a state; its answers are not those of the state before.
   *
   * @param {string | undefined} token - by which to ask; none where nothing is to be asked
   */
  follow(token = "") {
    if (token === this.token) return;
    this.token = token;
    this.known.clear();
    this.leave();
  }

  /**
   * Ask about a segment once the pointer has rested on it.
   *
   * @param {string} segment
   */
  rest(segment) {
    this.leave();
    this.timer = window.setTimeout(() => this.ask(segment), REST);
  }

  /** Ask no more about the segment that the pointer was on. */
  leave() {
    clearTimeout(this.timer);
    this.next = "";
  }

  /**
   * Ask about a segment, one after another; of those that wait only the last one counts.
   *
   * @param {string} segment
   */
  async ask(segment) {
    if (!this.token || this.known.has(segment)) return;
    this.next = segment;
    if (this.asking) return;
    this.asking = true;
    while (this.next) {
      const one = this.next;
      this.next = "";
      await this.fetch(one);
    }
    this.asking = false;
  }

  /** @param {string} segment */
  async fetch(segment) {
    const { token } = this;
    const query = new URLSearchParams({ of: token, about: segment });
    const answer = await fetch(`${ANSWERS}?${query}`).catch(() => null);
    if (answer?.status !== 200) return; // the click itself will tell
    const effect = await answer.json().catch(() => null);
    if (!effect || token !== this.token) return;
    this.known.set(segment, effect);
    this.told(segment);
  }
}
