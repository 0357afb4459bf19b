// Shapes of the data that the map's modules hand to each other.
import type * as Leaflet from "leaflet";
import type SuperclusterClass from "supercluster";

declare global {
  /** The library that the frame loads before the map's script. */
  const Supercluster: typeof SuperclusterClass;
  interface Window {
    supplyRoutes: typeof import("./main");
    Streamlit?: { setComponentValue(value: unknown): void };
  }
}

declare module "leaflet" {
  interface Map {
    /** Set once the map has a view. */
    _loaded?: boolean;
    _getNewPixelOrigin(center: Leaflet.LatLng, zoom: number): Leaflet.Point;
  }
  interface Layer {
    _map: Leaflet.Map;
    _zoomAnimated?: boolean;
  }
  interface Handler {
    /** Of `map.dragging`: whether the pointer has moved since it went down. */
    moved(): boolean;
  }
}

/** Pixels = world coordinate * k - x (or y), relative to the map's pane. */
export interface Frame {
  k: number;
  x: number;
  y: number;
}

/** Left, top, right and bottom in pixels. */
export type Box = [number, number, number, number];
/** South, west, north and east in degrees. */
export type Bounds = [number, number, number, number];
export type Point = [number, number];
/** Whether world coordinates lie in view. */
export type Inside = (x: number, y: number) => boolean;
export type Name = Record<string, string>;

export type SegmentState = "open" | "escort_only" | "contested" | "closed" | "cut" | "impassable";
export type TownState = "open" | "detour" | "escort_only" | "isolated";
export type Change = "lost" | "gained" | "same";

export interface NetworkNode {
  id: string;
  name: string;
  kind: string;
  country: string;
  admin1: string;
  people: number | null;
  supply: boolean;
  town: boolean;
  lat: number;
  lon: number;
  /** World coordinates. */
  at: Point;
}

/** A network; lists with a value for each segment are in the order of `ids`. */
export interface Network {
  ids: string[];
  from: number[];
  to: number[];
  km: number[];
  road: string[];
  roadClass: string[];
  basis: string[];
  tanker: string[];
  lines: Float64Array[];
  width: number[];
  nodes: NetworkNode[];
  bounds: Leaflet.LatLngBoundsLiteral;
  /** Where its towns lie. */
  home: Leaflet.LatLngBoundsLiteral;
  index: Map<string, number>;
  focus: string;
  /** Where segments come from that are too many to be sent at once. */
  tiles: import("./road_tiles").RoadTiles | null;
}

/** Id, rows of both ends (-1 for a plain junction), km, road, class, basis, tanker, line. */
export type SegmentRow = [string, number, number, number, string, number, number, number, number[]];
/** The same with the segment's row number first. */
export type NumberedRow = [number, ...SegmentRow];
/** West, north, east and south of its segments in world coordinates, and the file's name. */
export type Tile = [number, number, number, number, string];

/** What is drawn from a zoom on. */
export interface TileLevel {
  zoom: number;
  tiles: Tile[];
}

/** The geometry's file; `dashboard/map/geometry.py` writes it. */
export interface NetworkFile {
  scale: number;
  classes: string[];
  bases: string[];
  tankers: string[];
  segments: SegmentRow[];
  /** Of all segments, where tiles hold them. */
  count?: number;
  /** Least zoom first. */
  levels?: TileLevel[];
  nodes: [string, string, string, string, string, number | null, 0 | 1, 0 | 1, number, number][];
  bounds: Leaflet.LatLngBoundsLiteral;
  home: Leaflet.LatLngBoundsLiteral;
  /** English names of nodes whose name describes them in French, by id. */
  english: Record<string, string>;
  focus: string;
}

export type EventRow = [
  string,
  number | null,
  number | null,
  string,
  number,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

export interface MapEvent {
  id: string;
  lat: number | null;
  lon: number | null;
  type: string;
  /** Age in days. */
  age: number;
  date: string;
  confidence: string;
  title: string;
  source: string;
  url: string;
  place: string;
  region: string;
}

/** An event whose place is known. */
export type PlacedEvent = MapEvent & { lat: number; lon: number };

export interface RegionBadge {
  name: string;
  /** Its name as the state gives it. */
  given: string;
  n: number;
  anchors: Anchor[];
  lat: number;
  lon: number;
}

/** Latitude, longitude and the room around it in degrees. */
export type Anchor = [number, number, number];

export interface Rows {
  [state: string]: number[] | string | undefined;
}

/** What the server sends with each run; absent parts are empty. */
export interface MapState {
  texts: string;
  lang: string;
  theme: "light" | "dark";
  /** Number of the last message that this state answers. */
  ack: number;
  escort_only?: number[] | string;
  contested?: number[] | string;
  closed?: number[] | string;
  cut?: number[] | string;
  impassable?: number[] | string;
  why?: [string, number[] | string][];
  towns?: Rows;
  events?: EventRow[];
  eventKey: string;
  findings?: FindingRow[];
  regions?: Record<string, number>;
  /** Towns by the fuel model's word, while its layer is on. */
  fuel?: Rows;
  /** Day and source of `fuel`, or why there is none. */
  fuelNote?: string;
  off?: number[];
  /** Segments drawn at any zoom, where tiles hold the network. */
  lines?: NumberedRow[];
  /** 1 shown, 0 hidden, - not given, for each of the layers. */
  layers?: string;
  way?: number[];
  former?: number[];
  chosen?: number;
  corridor?: number[];
  view?: [number, number, number];
  turn?: number;
  about?: Bounds;
  /** Whether a click on a road only asks for its card. */
  look?: boolean;
  /** Token by which to ask what a click on a road would change. */
  effects?: string;
  /** Whether a click on a road marks it, to be cut with others. */
  mark?: boolean;
  /** Whether the pointer draws an area. */
  drawing?: boolean;
  /** Segments about to be cut. */
  pending?: number[];
  areas?: Outline[];
  /** Latitude, longitude, name and kind. */
  facilities?: [number, number, string, string][];
  /** Segments of the ways out of the chosen town. */
  outs?: number[];
  /** Nodes marked A and B. */
  ends?: number[];
  /** Whether a click beside roads and symbols reports its point. */
  placing?: boolean;
  /** Whether the server waits to hear that the map has been drawn. */
  reports?: boolean;
  /** Latitude and longitude of a pin. */
  pin?: [number, number];
  difference?: {
    lost?: number[];
    gained?: number[];
    towns?: { lost?: number[]; gained?: number[] };
  };
}

/** Latitude, longitude and km of a circle, or rings of longitudes and latitudes. */
export type Outline = [number, number, number] | [number, number][][];

export type Weight = "error" | "warning" | "info";
/** Latitude, longitude, weight, sentence. */
export type FindingRow = [number, number, Weight, string];

/** The page's list of towns without supply: heading, number, the first names, how many more. */
export interface TownNames {
  title: string;
  count: string;
  names: string[];
  more: string;
}

/** What a click on a road would change: in a sentence, and the list of towns after it. */
export interface RoadEffect {
  text: string;
  towns: TownNames;
}

export interface Airport {
  name: string;
  code: string;
  lat: number;
  lon: number;
  at: Point;
}

export interface Railway {
  name: Name;
  status: string;
  status_date: string;
  source_name: string;
  lines: Float64Array[];
}

export interface Country {
  id: string;
  name: Name;
  focus: boolean;
  anchors: Anchor[];
}

export interface Region {
  id: string;
  name: Name;
  anchors: Anchor[];
}

export interface River {
  name: Name | null;
  rank: number;
  lines: Float64Array[];
}

export interface Lake {
  name: Name;
  anchor: Point;
  lines: Float64Array[];
}

/** The base map's file; `dashboard/map/basemap.py` writes it. */
export interface BaseFile {
  scale: number;
  land: number[][];
  focus: number[][];
  lakes: { name: Name; anchor: Point; rings: number[][] }[];
  borders: { coast: number[][]; inter: number[][]; focus: number[][]; regions: number[][] };
  rivers: { name: Name | null; rank: number; lines: number[][] }[];
  rail: {
    name: Name;
    status: string;
    status_date: string;
    source_name: string;
    lines: number[][];
  }[];
  countries: Country[];
  regions: Region[];
  airports: { name: string; code: string; lat: number; lon: number }[];
}

export interface Options {
  base: string;
  world: string;
  focus: string;
  home: Leaflet.LatLngBoundsLiteral;
  frame: Leaflet.LatLngBoundsLiteral;
}

export type Layers = Record<string, boolean>;
export type Place = { lat: number; lon: number };

/** A pointer or a key on something of the map. */
export type Press = MouseEvent | KeyboardEvent;
export type TipContent = string | (HTMLElement | string)[];

/** What the parts of the map may ask of it. */
export interface Actions {
  home(): void;
  arranged(): void;
  layer(name: string, on: boolean): void;
  toggle(i: number, event: Press): void;
  leave(): void;
  hover(i: number, event: MouseEvent): void;
  focus(i: number, at: Point): void;
  tip(content: TipContent, x: number, y: number): void;
  node(i: number): HTMLElement[];
  airport(place: Airport): HTMLElement[];
  town(i: number): void;
  supply(i: number): void;
  card(card: HTMLElement, at: Place): void;
  open(events: MapEvent[]): void;
  region(region: RegionBadge): void;
}

/** A way to draw the roads: SVG, or canvas for large networks. */
export interface Roads {
  state: SegmentState[];
  difference: Record<number, Change | undefined>;
  paint(i: number, state: SegmentState, difference?: Change): void;
  setWays(way: number[], former: number[]): void;
  emphasise(indices: number[] | undefined): void;
  label(i: number, text: string, pressed: boolean): void;
  name(text: string): void;
  /** Draw what changed, where drawing waits for it. */
  flush(): void;
  /** Look into what symbols cover, once the map has come to rest. */
  soon(): void;
  middle(i: number): Point;
  pixelOf(i: number): { x: number; y: number } | null;
  /** Whether each segment is an element of the page, with a name of its own. */
  readonly labelled: boolean;
  remove(): void;
}

/** A group of the legend: its title and rows of kind, name and text. */
export type LegendGroup = [string, [string, string, string][]];

/** A doubt of an import, at its place. */
export interface Finding {
  lat: number;
  lon: number;
  weight: Weight;
  text: string;
  at: Point;
}
