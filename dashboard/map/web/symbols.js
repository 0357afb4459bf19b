// Where symbols lie on the map, and whether a point has room beside them.

const ROUND = [
  [1.5, 0],
  [-1.5, 0],
  [0, 1.5],
  [0, -1.5],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
];
/**
 * The symbol drawn at a point of the frame, whatever invisible line lies above it.
 *
 * @param {number} x
 * @param {number} y
 */
export function symbolAt(x, y) {
  for (const node of document.elementsFromPoint(x, y)) {
    if (node.matches(".halo, .reach, .stem")) continue;
    const symbol = node.closest?.(".town, .supply, .event, .finding");
    if (symbol) return symbol;
  }
  return null;
}

/**
 * What can be clicked of the symbols drawn, as boxes of the window.
 */
export function symbolBoxes() {
  const parts = document.querySelectorAll(
    ":is(.town, .supply, .event, .finding) > :not(.halo, .reach, .stem)",
  );
  return [...parts].map((part) => part.getBoundingClientRect()).filter((box) => box.width);
}

/**
 * Whether what holds at a point holds a little round it, too.
 *
 * @param {(x: number, y: number) => boolean} holds
 * @param {number} x
 * @param {number} y
 */
export function hasRoom(holds, x, y) {
  return ROUND.every(([dx, dy]) => holds(x + dx, y + dy));
}
