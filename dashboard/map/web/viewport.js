// What part of the map is in sight: the whole network, a view that was asked for, or what a card
// is about; always in what the page's sheet leaves free.
import { boxesIn } from "./boxes.js";
import { covered, headRoom, whenControlsChange, whenSheetChanges } from "./sheet.js";

/** @import { Bounds, Box, MapState, Network, Options } from "./types" */

/** @typedef {{ paddingTopLeft: L.PointTuple, paddingBottomRight: L.PointTuple }} Padding */
/** @type {Padding} */
const ROOM = { paddingTopLeft: [40, 64], paddingBottomRight: [40, 40] };
/** @type {Padding} */
const BESIDE_LEGEND = { ...ROOM, paddingTopLeft: [268, 64] };
/** A narrow frame has no width to spare, and rows of controls over its head. */
const NARROW_WIDTH = 500;
/** Pixels between these rows and what lies below them. */
const GAP = 8;
/** The map's own buttons in the upper corners. */
const BUTTONS = ".sr-corner.top .sr-button";
/** Share of the frame that a sheet may cover before the whole network no longer fits above it. */
const MOST_COVERED = 0.5;
/** Pixels of the frame that must be free before anything is brought there. */
const LEAST_FREE = 120;

/**
 * Return the rectangle of a frame in which nothing lies over the map: left, top, right, bottom.
 *
 * @param {{ x: number, y: number }} size - of the frame
 * @param {number} under - pixels at its foot that lie under a sheet
 * @param {Padding} room
 */
export function freePart(size, under, { paddingTopLeft, paddingBottomRight }) {
  const bottom = Math.max(size.y - under - paddingBottomRight[1], LEAST_FREE);
  const top = Math.min(paddingTopLeft[1], bottom - LEAST_FREE / 2);
  return L.bounds([paddingTopLeft[0], top], [size.x - paddingBottomRight[0], bottom]);
}

/**
 * Return the edges to keep free so that no place lies under a button: they then begin beside it.
 *
 * @param {Padding} room
 * @param {{ x: number, y: number }[]} places - where they would lie in this room
 * @param {Box[]} buttons
 * @param {number} width - of the frame
 * @returns {Padding}
 */
export function besideButtons(room, places, buttons, width) {
  let [left] = room.paddingTopLeft;
  let [right] = room.paddingBottomRight;
  for (const [west, north, east, south] of buttons) {
    const near = (/** @type {{ x: number, y: number }} */ { x, y }) =>
      x > west - GAP && x < east + GAP && y > north - GAP && y < south + GAP;
    if (!places.some(near)) continue;
    if (west + east < width) left = Math.max(left, east + GAP);
    else right = Math.max(right, width - west + GAP);
  }
  return {
    paddingTopLeft: [left, room.paddingTopLeft[1]],
    paddingBottomRight: [right, room.paddingBottomRight[1]],
  };
}

/**
 * Return the mean place of a network's towns; null if it has none.
 *
 * @param {Network} network
 */
function middleOfTowns({ nodes }) {
  const towns = nodes.filter((node) => node.town);
  if (!towns.length) return null;
  const mean = (/** @type {"lat" | "lon"} */ name) =>
    towns.reduce((sum, node) => sum + node[name], 0) / towns.length;
  return L.latLng(mean("lat"), mean("lon"));
}

export class Viewport {
  /** Whether the user, a link or a card chose the view. */
  moved = false;
  /** Whether the program moves the map now. */
  moving = false;
  /** Views that the map itself reported. */
  /** @type {string[]} */
  reported = [];
  /** How often the program has moved the map. */
  moves = 0;
  wentTo = "";
  about = "";
  timer = 0;
  /** Pixels at the head of the frame that the page's controls take; two rows until they are drawn. */
  head = 96;
  /** Towns of the network. */
  /** @type {{ lat: number, lon: number }[]} */
  places = [];
  /** Goes again to where the map was sent, until the user moves it. */
  /** @type {(() => void) | null} */
  again = null;

  /**
   * @param {L.Map} map
   * @param {Options} options
   * @param {{ legendIsOpen: () => boolean, report: (view: { lat: number, lon: number, zoom: number }) => void }} page
   */
  constructor(map, options, page) {
    this.map = map;
    this.page = page;
    this.bounds = L.latLngBounds(options.home);
    /** Among its towns: what a raised sheet leaves of the map shows these, not a desert. */
    this.towns = this.bounds.getCenter();
    const stands = () => {
      if (!this.moving) this.takenByHand();
    };
    map.on("dragstart zoomstart", stands);
    map.on("moveend", () => {
      clearTimeout(this.timer);
      if (this.moved && !this.moving) {
        this.timer = window.setTimeout(() => this.report(), 700);
      }
    });
    new ResizeObserver(() => {
      map.invalidateSize({ pan: false });
      this.adjust();
    }).observe(map.getContainer());
    whenSheetChanges(() => this.adjust());
    whenControlsChange(() => this.useHead());
  }

  /** Keep the map's own buttons, and what the map shows, below the page's controls. */
  useHead() {
    const head = headRoom();
    if (head === this.head) return;
    this.head = head;
    document.documentElement.style.setProperty("--head", `${head}px`);
    if (this.map.getSize().x < NARROW_WIDTH) this.adjust();
  }

  takenByHand() {
    this.moved = true;
    this.again = null;
  }

  /** Keep what the map was sent to in the free part, after that has changed. */
  adjust() {
    if (!this.moved) this.home(false);
    this.again?.();
  }

  sheetIsLow() {
    return covered() <= MOST_COVERED * this.map.getSize().y;
  }

  /** @param {Network} network */
  useNetwork(network) {
    this.bounds = L.latLngBounds(network.home);
    this.towns = middleOfTowns(network) ?? this.bounds.getCenter();
    this.places = network.nodes.filter((node) => node.town);
    if (!this.moved) this.home(false);
  }

  report() {
    const at = covered() ? this.map.containerPointToLatLng(this.middle()) : this.map.getCenter();
    const [lat, lon] = [Number(at.lat.toFixed(3)), Number(at.lng.toFixed(3))];
    const zoom = Number(this.map.getZoom().toFixed(2));
    this.reported = this.reported.concat(JSON.stringify([lat, lon, zoom])).slice(-20);
    this.page.report({ lat, lon, zoom });
  }

  /**
   * Move the map without reporting it as the user's doing.
   *
   * @param {() => void} move
   */
  quietly(move) {
    const turn = ++this.moves;
    const done = () => {
      if (turn === this.moves) this.moving = false;
    };
    this.moving = true;
    move();
    this.map.once("moveend", done);
    setTimeout(done, 900);
  }

  /**
   * Return the edges to keep free: beside the open legend where that makes nothing smaller, for
   * it would lie over the ports.
   *
   * @param {L.LatLngBounds} bounds
   * @returns {Padding}
   */
  room(bounds) {
    const { x } = this.map.getSize();
    if (x < NARROW_WIDTH) {
      return { paddingTopLeft: [12, this.head + GAP], paddingBottomRight: [12, 24] };
    }
    const zoom = (/** @type {Padding} */ room) => {
      const edges = L.point(room.paddingTopLeft).add(room.paddingBottomRight);
      return this.map.getBoundsZoom(bounds, false, edges);
    };
    return this.page.legendIsOpen() && zoom(BESIDE_LEGEND) >= zoom(ROOM) ? BESIDE_LEGEND : ROOM;
  }

  /**
   * Show the whole network. Under a raised sheet it keeps its scale and the free part shows where
   * most of its towns lie.
   *
   * @param {boolean} animate
   */
  home(animate) {
    if (animate) {
      this.moved = false;
      this.again = null;
    }
    const room = this.room(this.bounds);
    const [right, bottom] = room.paddingBottomRight;
    if (this.sheetIsLow()) {
      /** @type {L.PointTuple} */
      const aboveSheet = [right, bottom + covered()];
      const edges = this.clearOfButtons({ ...room, paddingBottomRight: aboveSheet });
      this.quietly(() => this.map.fitBounds(this.bounds, { ...edges, animate }));
      return;
    }
    const edges = L.point(room.paddingTopLeft).add(room.paddingBottomRight);
    const zoom = this.map.getBoundsZoom(this.bounds, false, edges);
    const free = freePart(this.map.getSize(), covered(), room);
    this.moveTo(this.map.project(this.towns, zoom), zoom, free.getCenter(), animate);
  }

  /**
   * In a narrow frame with little to spare, a town in a corner of the network would lie under a
   * button.
   *
   * @param {Padding} room - in which the whole network is to be shown
   * @returns {Padding}
   */
  clearOfButtons(room) {
    const { map } = this;
    const size = map.getSize();
    if (size.x >= NARROW_WIDTH) return room;
    const edges = L.point(room.paddingTopLeft).add(room.paddingBottomRight);
    const zoom = map.getBoundsZoom(this.bounds, false, edges);
    const at = (/** @type {L.LatLngExpression} */ place) => map.project(place, zoom);
    const box = L.bounds([at(this.bounds.getNorthWest()), at(this.bounds.getSouthEast())]);
    const middle = L.point(room.paddingTopLeft)
      .add(size.subtract(room.paddingBottomRight))
      .divideBy(2);
    const places = this.places.map(({ lat, lon }) =>
      at([lat, lon]).subtract(box.getCenter()).add(middle),
    );
    const container = map.getContainer();
    return besideButtons(
      room,
      places,
      boxesIn(container, container.querySelectorAll(BUTTONS)),
      size.x,
    );
  }

  /** Return the middle of what no sheet covers, in pixels of the frame. */
  middle() {
    const { x, y } = this.map.getSize();
    return L.point(x / 2, (y - covered()) / 2);
  }

  /**
   * Follow a state: go to its view, or else bring into sight what its card is about.
   *
   * @param {MapState} state
   * @param {boolean} drawn - whether an earlier state was drawn
   */
  follow({ view, turn, about }, drawn) {
    const gone = view !== undefined && this.go(view, turn, drawn);
    const key = JSON.stringify(about ?? null);
    if (key === this.about) return;
    this.about = key;
    if (gone) return;
    this.again = null;
    if (!about) return;
    const linked = !drawn;
    this.bring(about, linked, drawn);
    this.again = () => this.bring(about, linked, true);
  }

  /**
   * Go to a view, once, unless the map itself reported it. Its place comes to the middle of what
   * can be seen.
   *
   * @param {[number, number, number]} view - latitude, longitude, zoom
   * @param {number | undefined} turn
   * @param {boolean} drawn
   * @returns {boolean} whether the view is another than before
   */
  go(view, turn, drawn) {
    const key = JSON.stringify([view, turn]);
    if (key === this.wentTo) return false;
    this.wentTo = key;
    if (this.reported.includes(JSON.stringify(view)) && !turn) return false;
    const [lat, lon, zoom] = view;
    const aim = (/** @type {boolean} */ smooth) =>
      this.sendTo(this.map.project([lat, lon], zoom), zoom, this.middle(), smooth);
    aim(drawn);
    this.again = () => aim(true);
    return true;
  }

  /**
   * Bring what lies out of sight, or under the sheet, to the middle of the free part; the map's
   * scale changes only where there is not enough room. What a link opens on a phone comes to that
   * middle in any case.
   *
   * @param {Bounds} about - south, west, north and east
   * @param {boolean} linked - whether a link opened it
   * @param {boolean} smooth
   */
  bring([south, west, north, east], linked, smooth) {
    const { map } = this;
    const size = map.getSize();
    const bounds = L.latLngBounds([south, west], [north, east]);
    const free = freePart(size, covered(), this.room(bounds));
    const corners = [bounds.getNorthWest(), bounds.getSouthEast()];
    const box = L.bounds(corners.map((corner) => map.latLngToContainerPoint(corner)));
    if (free.contains(box) && !(linked && covered())) return;
    const edges = L.point(size).subtract(free.getSize());
    const zoom = Math.min(map.getZoom(), map.getBoundsZoom(bounds, false, edges));
    const middle = L.bounds(corners.map((corner) => map.project(corner, zoom))).getCenter();
    this.sendTo(middle, zoom, free.getCenter(), smooth);
  }

  /**
   * Send the map to where a place lies at a point of the frame.
   *
   * @param {L.Point} place - in pixels of the world at this zoom
   * @param {number} zoom
   * @param {L.Point} point
   * @param {boolean} smooth
   */
  sendTo(place, zoom, point, smooth) {
    this.moved = true;
    this.moveTo(place, zoom, point, smooth);
  }

  /**
   * Do so without taking the view for one that was chosen.
   *
   * @param {L.Point} place
   * @param {number} zoom
   * @param {L.Point} point
   * @param {boolean} smooth
   */
  moveTo(place, zoom, point, smooth) {
    const offset = this.map.getSize().divideBy(2).subtract(point);
    const centre = this.map.unproject(place.add(offset), zoom);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.quietly(() => {
      if (smooth && !still) this.map.flyTo(centre, zoom, { duration: 0.6 });
      else this.map.setView(centre, zoom, { animate: false });
    });
  }

  /**
   * Move the map where a symbol or road that a key reached lies out of sight.
   *
   * @param {SVGElement} reached
   */
  bringIntoSight(reached) {
    const box = reached.getBoundingClientRect();
    const frame = this.map.getContainer().getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2 - frame.left, box.top + box.height / 2 - frame.top];
    if (x >= 0 && y >= 0 && x <= frame.width && y <= frame.height) return;
    this.map.panTo(this.map.containerPointToLatLng([x, y]), { animate: false });
  }
}
