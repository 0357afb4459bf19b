// Has the worker keep the light version of the view once the visitor has rested on it for a minute:
// the server draws it afresh, which takes it seconds. Only if the page links to one, which it does
// not where it shows what only this visitor has opened.
(() => {
  const REST_MS = 60_000;
  const workers = navigator.serviceWorker;
  if (!workers || navigator.connection?.saveData) return;
  let kept = "";
  const keep = () => {
    const address = document.querySelector(".sr-summary .sr-light")?.getAttribute("href");
    if (!address || address === kept || !workers.controller) return;
    kept = address;
    workers.controller.postMessage({ keep: address });
  };
  let resting = 0;
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(keep, REST_MS);
  };
  for (const kind of ["pointerdown", "keydown", "load"]) addEventListener(kind, rest, true);
  workers.register("./worker.js").catch(() => {});
})();
