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
  window.supplyFocus = new MutationObserver(follow);
  window.supplyFocus.observe(document.body, { subtree: true, childList: true });

  // Streamlit takes a typed day when the pointer goes down elsewhere, and not on Enter.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest?.('[data-testid="stDateInputField"]')) return;
    const elsewhere = document.querySelector(".st-key-title");
    const press = { bubbles: true, composed: true, button: 0, pointerType: "mouse" };
    for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
      elsewhere?.dispatchEvent(new PointerEvent(type, press));
    }
  });
})();
