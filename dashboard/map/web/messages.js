// Messages to the server, each with a growing number.

/** @typedef {{ kind: string, id: string, n: number, [more: string]: unknown }} Message */

/** Most messages that travel along with a newer one. */
const ALONG = 20;

export class Messages {
  /** @type {Message[]} */
  pending = [];
  last = 0;

  /** @param {(value: Message & { before: Message[] }) => void} post */
  constructor(post) {
    this.post = post;
  }

  number() {
    this.last = Math.max(Date.now(), this.last + 1);
    return this.last;
  }

  /**
   * Send a message. Those not yet answered travel along, so that none is lost when two meet in
   * one run of the server.
   *
   * @param {string} kind
   * @param {string} id
   * @param {Record<string, unknown>} [more]
   */
  send(kind, id, more = {}) {
    const message = { kind, id, n: this.number(), ...more };
    const before = this.pending.slice(-ALONG);
    this.pending.push(message);
    this.post({ ...message, before });
  }

  /**
   * Forget what the server has answered.
   *
   * @param {number} ack - number of the last message that it has seen
   */
  answered(ack) {
    this.pending = this.pending.filter((message) => message.n > ack);
  }
}
