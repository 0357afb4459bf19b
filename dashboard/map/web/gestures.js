// The wheel zooms with Ctrl, after a click or a rest on the map, or where the page cannot scroll;
// one finger scrolls the page, two move the map. So neither traps a reader who only passes by.
import { t } from "./texts.js";

/** Milliseconds that a pointer rests on the map before the wheel zooms. */
const REST = 1000;

/** Whether the page around the map's frame has nothing to scroll. */
function pageIsWhole() {
  try {
    const { document } = window.parent;
    const main = document.querySelector('[data-testid="stMain"]') ?? document.documentElement;
    return main.scrollHeight <= main.clientHeight + 4;
  } catch {
    return false;
  }
}

/**
 * @param {L.Map} map
 * @param {(text: string) => void} say
 */
export function gestures(map, say) {
  const box = map.getContainer();
  let active = false;
  let since = Infinity;
  box.addEventListener("pointerdown", () => {
    active = true;
    box.classList.remove("keyed");
  });
  box.addEventListener("keyup", (event) => {
    if (event.key === "Tab") box.classList.add("keyed");
  });
  document.documentElement.addEventListener("pointerenter", () => {
    since = performance.now();
  });
  document.documentElement.addEventListener("pointerleave", () => {
    active = false;
    since = Infinity;
  });
  box.addEventListener(
    "wheel",
    (event) => {
      active ||= performance.now() - since > REST || pageIsWhole();
      if (active || event.ctrlKey || event.metaKey) return;
      since = performance.now();
      event.stopImmediatePropagation();
      say(t("hint.wheel"));
    },
    { capture: true, passive: true },
  );
  if (!window.matchMedia("(pointer: coarse)").matches) return;
  map.dragging.disable();
  /** @type {[number, number] | null} */
  let start = null;
  box.addEventListener(
    "touchstart",
    (event) => {
      start =
        event.touches.length === 1 ? [event.touches[0].clientX, event.touches[0].clientY] : null;
    },
    { passive: true },
  );
  box.addEventListener(
    "touchmove",
    (event) => {
      if (!start || event.touches.length !== 1) return;
      const { clientX, clientY } = event.touches[0];
      if (Math.hypot(clientX - start[0], clientY - start[1]) > 18) {
        start = null;
        say(t("hint.touch"));
      }
    },
    { passive: true },
  );
}
