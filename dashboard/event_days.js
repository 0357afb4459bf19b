// Days with reported events are marked in the calendar, whose cells Streamlit draws. A cell's
// name holds its day in the browser's language.
(() => {
  if (window.supplyEventDays) return;
  const CALENDAR = '[data-testid="stDateInputCalendar"]';
  const form = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  let written = "";
  let names = new Set();
  const read = (days) => {
    written = days;
    const languages = new Set([...navigator.languages, "en-US", "en-GB", "fr-FR"]);
    const formats = [...languages].map((each) => new Intl.DateTimeFormat(each, form));
    names = new Set();
    for (const day of days.split(" ")) {
      for (const format of formats) names.add(format.format(new Date(`${day}T00:00:00Z`)));
    }
  };
  const mark = () => {
    const calendar = document.querySelector(CALENDAR);
    const days = document.querySelector(".sr-event-days")?.dataset.days;
    if (!calendar || !days) return;
    if (days !== written) read(days);
    for (const cell of calendar.querySelectorAll("[aria-label]")) {
      const name = cell.getAttribute("aria-label");
      const reported = [...names].some((each) => name.includes(each));
      if (reported !== "events" in cell.dataset) {
        if (reported) cell.dataset.events = "";
        else delete cell.dataset.events;
      }
    }
  };
  window.supplyEventDays = new MutationObserver(mark);
  const watched = { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] };
  window.supplyEventDays.observe(document.body, watched);
})();
