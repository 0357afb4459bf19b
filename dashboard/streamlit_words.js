// Streamlit's own parts speak English only. This puts the page's language in the place of the words
// they show; __WORDS__ are pairs of another language's words and this one's, {x} standing for any.
(() => {
  const pairs = __WORDS__;
  const exact = new Map(pairs.filter(([other]) => !other.includes("{")));
  const patterns = pairs
    .filter(([other]) => other.includes("{"))
    .map(([other, own]) => {
      const names = [...other.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parts = other.split(/\{\w+\}/).map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return { form: new RegExp(`^${parts.join("(.{1,60})")}$`), names, own };
    });
  const SPOKEN = ["aria-label", "title", "placeholder"];
  // What the page says itself is in its language already, and may be a visitor's.
  const OURS =
    ".stHtml, [data-testid='stMarkdownContainer'], [role='option'][data-key], script, style";
  // In the box for a file Streamlit writes its own label the way it writes the page's.
  const FILE_BOX = "[data-testid='stFileUploaderDropzone']";

  const isOurs = (node) => node?.closest(OURS) && !node.closest(FILE_BOX);

  function inLanguage(text) {
    const plain = text.trim();
    if (!plain || plain.length > 120) return text;
    const found = exact.get(plain);
    if (found !== undefined) return text.replace(plain, () => found);
    for (const { form, names, own } of patterns) {
      const match = form.exec(plain);
      if (!match) continue;
      return own.replace(/\{(\w+)\}/g, (_, name) => match[names.indexOf(name) + 1]);
    }
    return text;
  }

  function sayAttributes(node) {
    for (const name of SPOKEN) {
      const text = node.getAttribute(name);
      const told = text === null ? text : inLanguage(text);
      if (told !== text) node.setAttribute(name, told);
    }
  }

  function say(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (isOurs(node.parentElement)) return;
      const told = inLanguage(node.nodeValue);
      if (told !== node.nodeValue) node.nodeValue = told;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches(OURS) && isOurs(node)) return;
      sayAttributes(node);
      node.childNodes.forEach(say);
    }
  }

  document.getElementById("first-shell")?.remove();
  window.supplyWords?.disconnect();
  window.supplyWords = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach((node) => !isOurs(target) && say(node));
      else if (type === "characterData") say(target);
      else if (!isOurs(target)) sayAttributes(target);
    }
  });
  document.documentElement.lang = "__LANG__";
  window.supplyWords.observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: SPOKEN,
  });
  say(document.body);
})();
