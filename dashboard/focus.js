// Whoever opens a card from a list by the keyboard is taken to its heading: the list is gone, and
// with it the place where the keys were. A typed day counts on Enter, as in every other field.
(() => {
  if (window.supplyFocus) return;
  const TAKES_MS = 1500;
  const titles = document.getElementsByClassName("sr-card-title");
  let shown = titles[0]?.textContent ?? "";
  let since = 0;
  const follow = () => {
    const title = titles[0];
    const text = title?.textContent ?? "";
    if (text !== shown) {
      shown = text;
      since = performance.now();
    }
    const fresh = title && performance.now() - since < TAKES_MS;
    if (fresh && document.activeElement === document.body) title.focus({ preventScroll: true });
  };
  // Whoever goes on elsewhere, by pointer or by key, is left there.
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => { since = -Infinity; }, true);
  }
  window.supplyFocus = new MutationObserver(follow);
  window.supplyFocus.observe(document.body, { subtree: true, childList: true });

  // Streamlit takes a typed day on Escape, and not on Enter.
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key !== "Enter" || !at.closest?.('[data-testid="stDateInputField"]')) return;
    const escape = { key: "Escape", code: "Escape", keyCode: 27, bubbles: true, composed: true };
    setTimeout(() => at.dispatchEvent(new KeyboardEvent("keydown", escape)), 0);
  }, true);
})();
