// The wheel zooms after a click on the map or with Ctrl; one finger scrolls the page, two move
// the map. So neither traps a reader who only passes by.
import { t } from "./texts.js";

/**
 * @param {L.Map} map
 * @param {(text: string) => void} say
 */
export function gestures(map, say) {
  const box = map.getContainer();
  let active = false;
  box.addEventListener("pointerdown", () => {
    active = true;
    box.classList.remove("keyed");
  });
  box.addEventListener("keyup", (event) => {
    if (event.key === "Tab") box.classList.add("keyed");
  });
  document.documentElement.addEventListener("pointerleave", () => {
    active = false;
  });
  box.addEventListener(
    "wheel",
    (event) => {
      if (active || event.ctrlKey || event.metaKey) return;
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
