"""What a keyboard and a finger reach on a page: stops of the Tab key, sizes of targets."""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

from tests.browser.journeys import map_frame

TARGETS: Final = """
() => [...document.querySelectorAll(
    'button, a[href], input:not([type=range]), select, textarea, summary, .sr-edge-arrow, '
    + '[role=button], [role=radio], [role=tab], [role=combobox], [role=switch], [role=checkbox]')]
  .filter((e) => !(e instanceof SVGElement) && e.checkVisibility({ visibilityProperty: true }))
  .map((e) => {
    // A label is pressed with its field, and a field with the frame drawn around it.
    const around = 'label, [data-testid=stTextInputRootElement], [data-testid=stDateInput]';
    const whole = (e.tagName === 'BUTTON' ? null : e.closest(around)) ?? e;
    const box = whole.getBoundingClientRect(), style = getComputedStyle(e);
    const more = getComputedStyle(e, '::after');
    const extra = more.content !== 'none' && more.position === 'absolute'
      ? Math.max(0, -parseFloat(more.top)) : 0;
    return { name: (e.getAttribute('aria-label') || e.innerText || e.className || e.id || e.tagName)
               .toString().slice(0, 50),
             tag: e.tagName, width: box.width, height: box.height + 2 * extra,
             inline: style.display === 'inline' && e.tagName === 'A',
             seen: box.width > 1 && box.height > 1 && style.clipPath === 'none'
               && style.opacity !== '0' && box.right > 0 && box.left < innerWidth };
  })
  .filter((e) => e.seen && !e.inline)
"""
"""Things to press, with their sizes in pixels; links within text and the map's symbols, whose
places are given, may be smaller."""

FOCUS: Final = """
() => {
  let at = document.activeElement, frame = null;
  while (at?.tagName === 'IFRAME') {
    frame = at;
    const within = at.contentDocument?.activeElement;
    if (!within || within.tagName === 'BODY') break;
    at = within;
  }
  if (!at || at.tagName === 'BODY') return null;
  const inside = at.ownerDocument !== document;
  at.srNumber ??= (window.srCount = (window.srCount ?? 0) + 1);
  const off = inside ? frame.getBoundingClientRect() : { left: 0, top: 0 };
  const box = at.getBoundingClientRect();
  const spots = [];
  for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9])
    spots.push([box.left + x * box.width, box.top + y * box.height]);
  // Not hidden: some part of it is in sight with nothing of another part of the page above.
  const bare = spots.some(([x, y]) => {
    const top = at.ownerDocument.elementFromPoint(x, y);
    const above = inside ? document.elementFromPoint(x + off.left, y + off.top) : top;
    if (inside && above !== frame) return false;
    if (inside) return Boolean(top);
    return top && (at.contains(top) || top.contains(at) || top.closest('label')?.contains(at));
  });
  const small = box.width < 2 || box.height < 2;
  return { number: at.srNumber, inside, bare: bare || small,
           name: (at.getAttribute('aria-label') || at.innerText || at.className?.baseVal
                  || at.className || at.tagName).toString().slice(0, 60) };
}
"""
"""What has the focus; null if nothing has."""

MOST: Final = 400


@dataclass(frozen=True)
class Stop:
    """A place where the Tab key stops.

    Parameters
    ----------
    name : str
    in_map : bool
    bare : bool
        Whether some part of it is in sight.
    """

    name: str
    in_map: bool
    bare: bool


def walk(page: Page) -> list[Stop]:
    """Press Tab from the head of the page to its end.

    Raises
    ------
    AssertionError
        If the focus is lost on the way: then the next key starts from the head again.
    """
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    stops: list[Stop] = []
    seen: set[tuple[bool, int]] = set()
    lost = 0
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at: dict[str, Any] | None = page.evaluate(FOCUS)
        if at is None:
            lost += 1
            continue
        key = (at["inside"], at["number"])
        if key in seen:
            break
        seen.add(key)
        stops.append(Stop(at["name"], at["inside"], at["bare"]))
    assert lost <= 1, f"the focus was lost {lost} times: {[stop.name for stop in stops]}"
    return stops


def small_targets(page: Page, least: float) -> list[str]:
    """Things to press that are smaller than ``least`` pixels, in the page and in the map."""
    found = [*page.evaluate(TARGETS), *map_frame(page).evaluate(TARGETS)]
    assert len(found) > 10
    return [
        f"{each['name']!r} {each['width']:.0f} x {each['height']:.0f}"
        for each in found
        if min(each["width"], each["height"]) < least - 0.5
    ]
