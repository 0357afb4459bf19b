// Keeps the light version of the last public view, and shows it where the server is out of reach.
// Everything else goes to the server untouched: what a visitor has opened is never kept here.
const WORDS = __WORDS__;
const CACHE = "supply-routes-last-view";
const VIEW = "last-view";
const HOME = new URL("./", self.registration.scope).pathname;

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const spoken = (lang) => (lang in WORDS ? lang : "en");

self.addEventListener("install", (event) => {
  // Where a browser can be told so, it asks this worker for documents only.
  event.addRoutes?.({ condition: { urlPattern: { pathname: `${HOME}*/*` } }, source: "network" });
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  // No preload of navigations: those that this worker leaves to the browser would go out twice, and
  // the answer to a login counts once.
  event.waitUntil(
    Promise.all([self.clients.claim(), self.registration.navigationPreload?.disable()]),
  );
});

self.addEventListener("message", (event) => {
  if (typeof event.data?.keep === "string") event.waitUntil(keep(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { mode, url } = event.request;
  if (mode !== "navigate" || new URL(url).pathname !== HOME) return;
  event.respondWith(answer(event));
});

async function answer(event) {
  try {
    return await fetch(event.request);
  } catch {
    return lastView();
  }
}

/** Keep a view by the address of its light version; one view, the last one. */
async function keep(address) {
  const url = new URL(address, self.registration.scope);
  if (url.origin !== self.location.origin || url.pathname !== `${HOME}light`) return;
  const found = await fetch(url, { credentials: "omit" }).catch(() => null);
  if (!found?.ok) return;
  const headers = { "Content-Type": "text/html;charset=utf-8", "X-Kept": new Date().toISOString() };
  const cache = await caches.open(CACHE);
  await cache.put(VIEW, new Response(await found.text(), { headers }));
}

/** The view that was kept, with the time of keeping and the word that there is no connection. */
async function lastView() {
  const kept = await (await caches.open(CACHE)).match(VIEW);
  const headers = { "Content-Type": "text/html;charset=utf-8", "Cache-Control": "no-store" };
  if (!kept) {
    const lang = spoken(self.navigator.language.slice(0, 2));
    const body = `<!DOCTYPE html><html lang="${lang}"><meta charset="utf-8">${notice(lang, "")}</html>`;
    return new Response(body, { status: 503, headers });
  }
  const page = await kept.text();
  const lang = spoken(page.match(/<html lang="(\w+)"/)?.[1] ?? "en");
  const at = new Date(kept.headers.get("X-Kept"));
  const when = at.toLocaleString(lang, { dateStyle: "long", timeStyle: "short" });
  const body = page.replace("<body>", () => `<body>${notice(lang, when)}`);
  return new Response(body, { headers });
}

/** No style: the policy of the light version lets none in. */
function notice(lang, when) {
  const words = WORDS[lang];
  const told = when ? words.kept.replace("{when}", when) : words.nothing;
  const again = `<a href="">${escaped(words.again)}</a>`;
  return `<p role="alert" id="kept"><mark>${escaped(told)}</mark> ${again}</p>`;
}
