// The map as a whole: it is made once; afterwards only states reach it.
import { AreaDrawing } from "./area_drawing.js";
import { BaseMap } from "./basemap.js";
import { Controls } from "./controls.js";
import { EdgeArrows } from "./edge_arrows.js";
import { fetchJson, tell } from "./files.js";
import { Labels } from "./labels.js";
import { legendOf } from "./legend.js";
import { Messages } from "./messages.js";
import { readNetwork } from "./network.js";
import { onPaper } from "./paper.js";
import { setPin, tellPoint } from "./pin.js";
import { pressSegment } from "./presses.js";
import { Scene } from "./scene.js";
import { covered } from "./sheet.js";
import { setTexts } from "./texts.js";
import { airportTip, nodeTip, segmentSpoken, segmentTip } from "./tooltips.js";

/** @import { Actions, Layers, MapEvent, MapState, Network, Options, Place, Point, Press, SegmentState } from "./types" */

const LAYERS = ["events", "supply", "crossings", "rail", "airports", "tiles", "findings", "fuel"];
/** @type {Layers} */
const SHOWN = {
  events: true,
  supply: true,
  crossings: true,
  rail: true,
  airports: false,
  tiles: false,
  findings: true,
  fuel: false,
};
/** Address, from the frame, at which the server hears that the map has been drawn. */
const REPORTS = "../../map-drawn";
const TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";
/** Parts of a state that may be drawn after the roads and towns. */
const LATER = new Set(["why", "events", "regions"]);
/** Most events that one message asks for. */
const EVENTS_AT_ONCE = 12;
/** @typedef {{ paddingTopLeft: L.PointTuple, paddingBottomRight: L.PointTuple }} Padding */
/** @type {Padding} */
const ROOM = { paddingTopLeft: [40, 64], paddingBottomRight: [40, 40] };
/** @type {Padding} */
const BESIDE_LEGEND = { ...ROOM, paddingTopLeft: [268, 64] };

export class App {
  /** @type {Network | null} */
  network = null;
  /** @type {BaseMap | null} */
  base = null;
  /** @type {Scene | null} */
  scene = null;
  /** @type {MapState | null} */
  state = null;
  /** What the user ticked or the state gave. */
  /** @type {Layers} */
  layers = {};
  /** Views that the map itself reported. */
  /** @type {string[]} */
  reported = [];
  /** The segment whose tip is shown, and where. */
  /** @type {[number, number, number] | null} */
  tipOf = null;
  /** @type {L.TileLayer | null} */
  tileLayer = null;
  /** @type {L.Marker | null} */
  pin = null;
  networkUrl = "";
  baseUrl = "";
  givenLayers = "";
  layerKey = "";
  wentTo = "";
  turn = 0;
  viewTimer = 0;
  /** Whether the user chose the view. */
  moved = false;
  /** Whether the program moves the map now. */
  moving = false;
  /** Whether a state has come with all its files. */
  whole = false;
  /** Whether a state has been drawn. */
  drawn = false;
  /** The state that the server knows to be drawn. */
  /** @type {MapState | null} */
  told = null;

  /**
   * @param {L.Map} map
   * @param {Options} options
   */
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.messages = new Messages((value) => window.Streamlit?.setComponentValue(value));
    this.actions = this.makeActions();
    this.controls = new Controls(map, this.actions);
    this.drawing = new AreaDrawing(map, this.controls.root, {
      done: (drawn) => this.messages.send("area", "", drawn),
      stopped: () => this.messages.send("area", "", { stop: true }),
    });
    const home = L.latLngBounds(options.home);
    map.fitBounds(home, this.room(home));
    onPaper(map, this.controls.legendBody);
    this.labels = new Labels(map);
    this.arrows = new EdgeArrows(map, this.controls.root);
    this.useBase(options.base);
    this.watch();
  }

  /** @returns {Actions} */
  makeActions() {
    const withScene = (/** @type {(scene: Scene) => void} */ act) => this.scene && act(this.scene);
    return {
      home: () => this.home(true),
      arranged: () => this.labels?.soon(),
      layer: (name, on) => this.switchLayer(name, on),
      toggle: (i, event) => withScene((scene) => pressSegment(this, scene, i, event)),
      leave: () => this.leave(),
      hover: (i, event) => this.showSegmentTip(i, event.clientX, event.clientY),
      focus: (i, at) => this.showTipAt(i, at),
      tip: (content, x, y) => this.controls.showTip(content, x, y),
      node: (i) => (this.scene ? nodeTip(this.scene, i) : []),
      airport: airportTip,
      town: (i) => withScene((scene) => this.ask("town", scene.network.nodes[i].id)),
      supply: (i) => withScene((scene) => this.ask("supply", scene.network.nodes[i].id)),
      card: (card, at) => this.openCard(card, at),
      open: (events) => this.openEvents(events),
      region: (region) => this.ask("region", region.given),
    };
  }

  // ---- files

  /**
   * Draw the ground: the study area's own, or the world's coarser one under a network elsewhere.
   *
   * @param {string} url
   */
  useBase(url) {
    if (url === this.baseUrl) return;
    this.baseUrl = url;
    fetchJson(url)
      .then((data) => {
        if (url !== this.baseUrl) return;
        this.base?.remove();
        this.base = new BaseMap(this.map, data, this.actions);
        this.labels.base = this.base;
        this.build();
      })
      .catch((fault) => {
        if (url === this.baseUrl) this.baseUrl = this.networkUrl = ""; // both again, with the next state
        tell(fault);
      });
  }

  /** @param {string} url */
  useNetwork(url) {
    if (url === this.networkUrl) return;
    this.networkUrl = url;
    fetchJson(url)
      .then((data) => {
        if (url === this.networkUrl) this.replaceNetwork(readNetwork(data));
      })
      .catch((fault) => {
        if (url === this.networkUrl) this.networkUrl = "";
        tell(fault);
      });
  }

  /** @param {Network} network */
  replaceNetwork(network) {
    if (this.network || network.focus !== this.options.focus) this.moved = false;
    this.network = network;
    const frame = L.latLngBounds(this.options.frame);
    const within = frame.contains(L.latLngBounds(network.bounds));
    this.useBase(within ? this.options.base : this.options.world);
    if (!this.moved) this.home(false);
    this.build();
  }

  // Network and ground arrive in any order.
  build() {
    if (!this.network || !this.base) return;
    this.scene?.remove();
    this.scene = new Scene(this.map, this.network, this.base, this.actions);
    this.drawn = false;
    this.tipOf = null;
    this.layerKey = "";
    this.apply();
  }

  /**
   * Take a state. It may name files; the newest state wins, however long an older one's take.
   *
   * @param {MapState & Record<string, any>} state
   */
  receive(state) {
    this.turn += 1;
    const turn = this.turn;
    const parts = Object.keys(state).filter((name) => state[name]?.url);
    this.receiveFirst(state, parts);
    const files = [state.texts, ...parts.map((part) => state[part].url)];
    Promise.all(files.map((url) => fetchJson(url)))
      .then(([texts, ...values]) => {
        if (turn !== this.turn) return;
        const named = parts.map((part, k) => [part, values[k]]);
        this.whole = true;
        this.take(texts, { ...state, ...Object.fromEntries(named) });
      })
      .catch(tell);
  }

  /**
   * Draw roads and towns of the very first state before the files of its reasons and events have
   * come: on a weak line these take seconds more.
   *
   * @param {MapState & Record<string, any>} state
   * @param {string[]} parts - that are named by their files
   */
  receiveFirst(state, parts) {
    if (this.state || !parts.length || !parts.every((part) => LATER.has(part))) return;
    const left = new Set([...parts, "eventKey"]);
    const bare = Object.entries(state).filter(([name]) => !left.has(name));
    fetchJson(state.texts)
      .then((texts) => {
        if (!this.state) this.take(texts, /** @type {MapState} */ (Object.fromEntries(bare)));
      })
      .catch(() => {}); // the whole state tells of it
  }

  /**
   * @param {Record<string, string | string[]>} texts
   * @param {MapState} state
   */
  take(texts, state) {
    // A route that has not changed needs no former one beside it.
    const same = JSON.stringify(state.former) === JSON.stringify(state.way);
    this.useTexts(texts, state.lang);
    this.state = same ? { ...state, former: [] } : state;
    this.apply();
  }

  /**
   * @param {Record<string, string | string[]>} texts
   * @param {string} lang
   */
  useTexts(texts, lang) {
    if (!setTexts(texts, lang)) return;
    document.documentElement.lang = lang;
    this.controls.translate();
    this.layerKey = "";
  }

  // ---- state

  apply() {
    const { scene, state } = this;
    if (!state || !scene) return;
    const box = this.map.getContainer();
    box.dataset.theme = state.theme;
    document.documentElement.dataset.theme = state.theme;
    this.messages.answered(state.ack);
    box.classList.toggle("sr-placing", Boolean(state.placing));
    setPin(this, state.pin);
    scene.show(state);
    this.takeLayers(state.layers || "");
    this.applyLayers();
    this.drawing.follow(Boolean(state.drawing));
    this.go(state);
    this.labels.use(scene);
    this.legend();
    this.arrows.draw(scene);
    if (this.tipOf) this.showSegmentTip(...this.tipOf);
    this.drawn = true;
    box.dataset.ready = this.whole ? "yes" : "part";
    if (state.reports && this.whole) this.report(state);
  }

  /**
   * Tell the server, once, that a state can be seen: the rest of the page may come.
   *
   * @param {MapState} state
   */
  report(state) {
    if (state === this.told) return;
    this.told = state;
    requestAnimationFrame(() =>
      fetch(REPORTS, { method: "POST", keepalive: true }).catch(() => {}),
    );
  }

  /** @param {string} given - see `MapState.layers` */
  takeLayers(given) {
    if (given === this.givenLayers) return;
    this.givenLayers = given;
    LAYERS.forEach((name, k) => {
      if (given[k] === "0" || given[k] === "1") this.layers[name] = given[k] === "1";
    });
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  switchLayer(name, on) {
    this.layers[name] = on;
    this.applyLayers();
    this.legend();
    if (this.scene) this.arrows.draw(this.scene);
    this.messages.send("layer", name, { on });
  }

  applyLayers() {
    const { scene } = this;
    if (!scene) return;
    const on = { ...SHOWN, ...this.layers };
    scene.setLayers(on);
    this.showTiles(on.tiles);
    const doubts = scene.findings.places.length > 0;
    const key = JSON.stringify([on, doubts]);
    if (key !== this.layerKey) {
      this.layerKey = key;
      const names = LAYERS.filter((name) => name !== "findings" || doubts);
      this.controls.setLayers(names, on);
      scene.roads.soon();
    }
    this.labels.soon();
  }

  /** @param {boolean} on */
  showTiles(on) {
    if (on && !this.tileLayer) {
      this.tileLayer = L.tileLayer(TILES, { pane: "tiles", opacity: 0.8, maxZoom: 12 });
    }
    if (on) this.tileLayer?.addTo(this.map);
    else this.tileLayer?.removeFrom(this.map);
  }

  // ---- view

  watch() {
    this.map.on("dragstart zoomstart", () => {
      if (!this.moving) this.moved = true;
    });
    this.map.on("movestart zoomstart", () => this.arrows.clear());
    this.map.on("moveend", () => {
      this.legend();
      if (this.scene) this.arrows.draw(this.scene);
      clearTimeout(this.viewTimer);
      if (this.moved && !this.moving) {
        this.viewTimer = window.setTimeout(() => this.reportView(), 700);
      }
    });
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.map.closePopup();
    });
    this.map.getContainer().addEventListener("focusin", ({ target }) => {
      const byKey = target instanceof SVGElement && target.matches(":focus-visible");
      if (byKey) this.bringIntoSight(target);
    });
    this.map.on("click", (event) => tellPoint(this, event));
    new ResizeObserver(() => {
      this.map.invalidateSize({ pan: false });
      if (!this.moved) this.home(false);
    }).observe(this.map.getContainer());
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

  reportView() {
    const at = covered() ? this.map.containerPointToLatLng(this.middle()) : this.map.getCenter();
    const [lat, lon] = [Number(at.lat.toFixed(3)), Number(at.lng.toFixed(3))];
    const zoom = Number(this.map.getZoom().toFixed(2));
    this.reported = this.reported.concat(JSON.stringify([lat, lon, zoom])).slice(-20);
    this.messages.send("view", "", { lat, lon, zoom });
  }

  /**
   * Move the map without reporting it as the user's doing.
   *
   * @param {() => void} move
   */
  quietly(move) {
    this.moving = true;
    const done = () => {
      this.moving = false;
    };
    move();
    this.map.once("moveend", done);
    setTimeout(done, 900);
  }

  homeBounds() {
    return L.latLngBounds(this.network?.home ?? this.options.home);
  }

  /**
   * Return the edges to keep free: beside the open legend where that makes nothing smaller, for
   * it would lie over the ports.
   *
   * @param {L.LatLngBounds} bounds
   */
  room(bounds) {
    const zoom = (/** @type {Padding} */ room) => {
      const edges = L.point(room.paddingTopLeft).add(room.paddingBottomRight);
      return this.map.getBoundsZoom(bounds, false, edges);
    };
    return this.controls.legendIsOpen() && zoom(BESIDE_LEGEND) >= zoom(ROOM) ? BESIDE_LEGEND : ROOM;
  }

  /** @param {boolean} animate */
  home(animate) {
    if (animate) this.moved = false;
    const bounds = this.homeBounds();
    this.quietly(() => this.map.fitBounds(bounds, { ...this.room(bounds), animate }));
  }

  /** Return the middle of what no sheet covers, in pixels of the frame. */
  middle() {
    const { x, y } = this.map.getSize();
    return L.point(x / 2, (y - covered()) / 2);
  }

  /**
   * Go to the state's view, once, unless the map itself reported it. The view's place comes to the
   * middle of what can be seen.
   *
   * @param {MapState} state
   */
  go({ view, turn }) {
    if (!view) return;
    const [lat, lon, zoom] = view;
    const key = JSON.stringify([view, turn]);
    if (key === this.wentTo) return;
    this.wentTo = key;
    if (this.reported.includes(JSON.stringify(view)) && !turn) return;
    this.moved = true;
    const below = L.point(0, covered() / 2);
    const centre = this.map.unproject(this.map.project([lat, lon], zoom).add(below), zoom);
    this.quietly(() => {
      if (this.drawn) this.map.flyTo(centre, zoom, { duration: 0.6 });
      else this.map.setView(centre, zoom, { animate: false });
    });
  }

  // ---- acts

  /**
   * Cut an open segment, reopen one that is cut or closed.
   *
   * @param {Scene} scene
   * @param {number} i
   * @param {Press} [event]
   */
  toggle(scene, i, event) {
    const shut = ["cut", "closed"].includes(scene.roads.state[i]);
    /** @type {SegmentState} */
    const next = shut ? "open" : "cut";
    const n = this.messages.number();
    this.messages.send("segment", scene.network.ids[i], { n });
    scene.paintClicked(i, next, n);
    this.controls.announce(segmentSpoken(scene, i));
    if (event instanceof MouseEvent && event.detail !== 0) {
      this.showSegmentTip(i, event.clientX, event.clientY);
    } else this.showTipAt(i, scene.roads.middle(i));
  }

  // ---- tips and cards

  /**
   * @param {number} i
   * @param {Point} at - pixels of the map's pane
   */
  showTipAt(i, at) {
    const { x, y } = this.map.layerPointToContainerPoint(at);
    this.showSegmentTip(i, x, y);
  }

  /**
   * Show a segment's tip. It follows the state: the answer to a click may differ from what was
   * painted first.
   *
   * @param {number} i
   * @param {number} x
   * @param {number} y
   */
  showSegmentTip(i, x, y) {
    if (!this.scene) return;
    this.tipOf = [i, x, y];
    this.controls.showTip(segmentTip(this.scene, i), x, y);
  }

  leave() {
    this.tipOf = null;
    this.controls.hideTip();
  }

  legend() {
    if (this.scene?.state) this.controls.setLegend(legendOf(this.scene));
  }

  /**
   * Ask the server for the card of one event, or of several at one place, newest first.
   *
   * @param {MapEvent[]} events
   */
  openEvents(events) {
    const ids = events
      .slice()
      .sort((a, b) => a.age - b.age)
      .slice(0, EVENTS_AT_ONCE)
      .map((event) => event.id);
    this.ask(ids.length > 1 ? "events" : "event", ids.join(" "));
  }

  /**
   * Ask the server for a card. It opens in the panel, so the map shows none.
   *
   * @param {string} kind - see `CLICK_KINDS` of `dashboard.map.view_model`
   * @param {string} id
   */
  ask(kind, id) {
    this.leave();
    this.map.closePopup();
    this.messages.send(kind, id);
  }

  /**
   * @param {HTMLElement} card
   * @param {Place} at
   */
  openCard(card, at) {
    this.leave();
    const size = this.map.getSize();
    L.popup({
      maxWidth: Math.min(320, size.x - 60),
      minWidth: 200,
      autoPanPadding: [24, 24],
      maxHeight: Math.max(160, size.y - 120),
      className: "sr-popup",
    })
      .setLatLng([at.lat, at.lon])
      .setContent(card)
      .openOn(this.map);
  }
}
