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
import { RoadEffects } from "./road_effects.js";
import { Scene } from "./scene.js";
import { covered, headRoom, whenControlsChange } from "./sheet.js";
import { setTexts } from "./texts.js";
import { airportTip, nodeTip, segmentSpoken, segmentTip } from "./tooltips.js";
import { TownList } from "./town_list.js";
import { Viewport } from "./viewport.js";

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
/** Milliseconds within which these come on any but a weak line. */
const AT_ONCE = 150;
/** Most events that one message asks for. */
const EVENTS_AT_ONCE = 12;

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
  /** The segment whose tip is shown, and where. */
  /** @type {[number, number, number] | null} */
  tipOf = null;
  /** @type {L.TileLayer | null} */
  tileLayer = null;
  /** @type {L.Marker | null} */
  pin = null;
  /** @type {L.Popup | null} */
  popup = null;
  networkUrl = "";
  baseUrl = "";
  givenLayers = "";
  layerKey = "";
  turn = 0;
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
    this.effects = new RoadEffects((segment) => this.effectTold(segment));
    this.townList = new TownList();
    this.actions = this.makeActions();
    this.controls = new Controls(map, this.actions);
    this.drawing = new AreaDrawing(map, this.controls.root, {
      done: (drawn) => this.messages.send("area", "", drawn),
      stopped: () => this.messages.send("area", "", { stop: true }),
    });
    this.viewport = new Viewport(map, options, {
      legendIsOpen: () => this.controls.legendIsOpen(),
      report: (view) => this.messages.send("view", "", view),
    });
    this.viewport.home(false);
    onPaper(map, this.controls.legendBody);
    this.labels = new Labels(map);
    whenControlsChange(() => this.labels.soon());
    this.arrows = new EdgeArrows(map, this.controls.root);
    this.useBase(options.base);
    this.watch();
  }

  /** @returns {Actions} */
  makeActions() {
    const withScene = (/** @type {(scene: Scene) => void} */ act) => this.scene && act(this.scene);
    return {
      home: () => this.viewport.home(true),
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
    if (this.network || network.focus !== this.options.focus) this.viewport.moved = false;
    this.network = network;
    const frame = L.latLngBounds(this.options.frame);
    const within = frame.contains(L.latLngBounds(network.bounds));
    this.useBase(within ? this.options.base : this.options.world);
    this.viewport.useNetwork(network);
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
   * come: on a weak line these take seconds more. Where they come at once the map is drawn once.
   *
   * @param {MapState & Record<string, any>} state
   * @param {string[]} parts - that are named by their files
   */
  receiveFirst(state, parts) {
    if (this.state || !parts.length || !parts.every((part) => LATER.has(part))) return;
    const left = new Set([...parts, "eventKey"]);
    const bare = Object.entries(state).filter(([name]) => !left.has(name));
    Promise.all([fetchJson(state.texts), new Promise((done) => setTimeout(done, AT_ONCE))])
      .then(([texts]) => {
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
    this.townList.answered(state.ack);
    this.effects.follow(state.effects);
    box.classList.toggle("sr-placing", Boolean(state.placing));
    setPin(this, state.pin);
    scene.show(state);
    this.takeLayers(state.layers || "");
    this.applyLayers();
    this.drawing.follow(Boolean(state.drawing));
    this.viewport.follow(state, this.drawn);
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
    this.map.on("movestart zoomstart", () => this.arrows.clear());
    this.map.on("moveend popupopen popupclose", () => {
      this.legend();
      if (this.scene) this.arrows.draw(this.scene);
    });
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.map.closePopup();
    });
    this.map.getContainer().addEventListener("focusin", ({ target }) => {
      const byKey = target instanceof SVGElement && target.matches(":focus-visible");
      if (byKey) this.viewport.bringIntoSight(target);
    });
    this.map.on("click", (event) => tellPoint(this, event));
    // Between press and release a hand takes longer than the server.
    const press = () => this.tipOf && this.askEffect(this.tipOf[0]);
    this.map.getContainer().addEventListener("pointerdown", press, { passive: true });
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
    this.showTownsAfter(i, n);
    this.controls.announce(segmentSpoken(scene, i));
    if (event instanceof MouseEvent && event.detail !== 0) {
      this.showSegmentTip(i, event.clientX, event.clientY);
    } else this.showTipAt(i, scene.roads.middle(i));
  }

  /**
   * Show the towns that the only unanswered click leaves without supply; asked for if need be.
   *
   * @param {number} i
   * @param {number} n - of the message
   */
  showTownsAfter(i, n) {
    const { scene } = this;
    if (!scene || scene.local.size > 1) return;
    const effect = this.effects.known.get(scene.network.ids[i]);
    if (effect) this.townList.show(effect.towns, n);
    else this.askEffect(i);
  }

  /** @param {number} i */
  askEffect(i) {
    if (this.scene) this.effects.ask(this.scene.network.ids[i]);
  }

  /** @param {string} segment - whose effect has come */
  effectTold(segment) {
    const { scene } = this;
    const i = scene?.network.index.get(segment);
    if (!scene || i === undefined) return;
    const clicked = scene.local.get(i);
    if (clicked) this.showTownsAfter(i, clicked.n);
    for (const place of document.querySelectorAll(".sr-card .sr-effect")) {
      if (!(place instanceof HTMLElement) || place.dataset.segment !== segment) continue;
      place.textContent = this.effectOf(i);
      this.popup?.update(); // it has become higher
    }
    if (this.tipOf?.[0] !== i) return;
    this.showSegmentTip(...this.tipOf);
    if (document.activeElement?.matches(":focus-visible")) this.controls.announce(this.effectOf(i));
  }

  /**
   * Return what a click on a segment would change, as far as it is known; nothing once it has been
   * clicked.
   *
   * @param {number} i
   */
  effectOf(i) {
    const { scene } = this;
    if (!scene || scene.local.has(i)) return "";
    return this.effects.known.get(scene.network.ids[i])?.text ?? "";
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
    this.controls.showTip(segmentTip(this.scene, i, this.effectOf(i)), x, y);
    this.effects.rest(this.scene.network.ids[i]);
  }

  leave() {
    this.tipOf = null;
    this.effects.leave();
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
    const size = this.map.getSize(),
      [above, below] = [headRoom(), covered()];
    this.popup = L.popup({
      maxWidth: Math.min(320, size.x - 60),
      minWidth: 200,
      autoPanPaddingTopLeft: [24, above + 12],
      autoPanPaddingBottomRight: [24, below + 12],
      maxHeight: Math.max(160, size.y - above - below - 48),
      className: "sr-popup",
    })
      .setLatLng([at.lat, at.lon])
      .setContent(card)
      .openOn(this.map);
  }
}
