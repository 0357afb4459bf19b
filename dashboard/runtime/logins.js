// Brings a visitor who logged in or out back to the view that they left. The address that they left
// stays in this tab. Only its query is used, so it cannot lead to another page.
(() => {
  const LEFT = "supply-routes-left";
  try {
    if (location.hash === "__BACK__") {
      const query = sessionStorage.getItem(LEFT) || "";
      history.replaceState(null, "", location.pathname + location.search);
      if (query.startsWith("?")) location.replace(location.pathname + query);
    }
    addEventListener("pagehide", () => sessionStorage.setItem(LEFT, location.search));
  } catch {} // a browser that keeps nothing opens the map
})();
