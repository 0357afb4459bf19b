// Whoever opens a card from a list by the keyboard is taken to its heading: the list is gone, and
// with it the place where the keys were. The same holds for a button that is gone once it is pressed:
// the keys go on beside it. A typed day counts on Enter, as in every other field.
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
    if (byKey && last && (!last.isConnected || last.disabled)) {
      clearTimeout(waiting);
      waiting = setTimeout(goOn, SETTLES_MS);
    }
  };
  // What is gone once it was pressed takes the place of the keys with it: they go on at the first
  // thing to use in the nearest part that is still there.
  const SETTLES_MS = 250;
  const USABLE = "button:not(:disabled), input:not(:disabled), summary, a[href], [tabindex='0']";
  let byKey = false;
  let last = null;
  let around = [];
  let waiting = 0;
  const goOn = () => {
    const at = document.activeElement;
    const lost = at === document.body || (at === last && last.disabled);
    if (!byKey || !lost || !document.hasFocus()) return;
    for (const name of around) {
      const parts = document.querySelectorAll(`.${CSS.escape(name)} :is(${USABLE})`);
      const next = [...parts].find((each) => each.checkVisibility({ visibilityProperty: true }));
      if (next) return next.focus();
    }
  };
  document.addEventListener("focusin", ({ target }) => {
    last = target;
    around = [];
    for (let at = target; at; at = at.parentElement) {
      const name = [...at.classList].find((each) => each.startsWith("st-key-"));
      if (name) around.push(name);
    }
  });
  // Whoever goes on elsewhere, by pointer or by key, is left there.
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => { since = -Infinity; }, true);
  }
  document.addEventListener("pointerdown", () => { byKey = false; }, true);
  document.addEventListener("keydown", () => { byKey = true; }, true);
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
