// Shapes of the data that the exported page shows; `geodata/export/html` writes it.

export type Point = [number, number];
export interface Figure {
  value: string;
  label: string;
  note: string;
  alarm: boolean;
}
export interface Town {
  id: string;
  name: string;
  state: "open" | "detour" | "escort_only" | "isolated";
  before: boolean;
  cause: string;
  at: Point;
  people: number;
  text: string;
  /** Word of the fuel model. */
  fuel?: string;
}
export interface Segment {
  id: string;
  state: string;
  d: string;
  name: string;
  text: string;
}
export interface LegendItem {
  name: string;
  line?: string;
  /** Outline and sign. */
  symbol: [string, string];
}
export interface MapContent {
  home: [number, number, number, number];
  start: [number, number, number, number];
  cellsPerKm: number;
  focus: string;
  base: { name: string; d: string }[];
  segments: Segment[];
  towns: Town[];
  supply: { name: string; at: Point; off: boolean; kind: string }[];
  crossings: { name: string; at: Point }[];
  events: { type: string; name: string; at: Point; text: string }[];
  names: { name: string; at: Point; layer: string }[];
  legend: LegendItem[];
  /** Words of the fuel model that occur, with their texts, and their day and source. */
  fuel?: { words: Record<string, string>; note: string };
}
/** A cell: text, and a number to sort by or a town, road or address to link to. */
export interface Cell {
  t: string;
  n?: number | null;
  town?: string;
  road?: string;
  u?: string;
}
export interface Table {
  key: string;
  title: string;
  note: string;
  head: string[];
  count: number;
  rows: Cell[][];
  numeric: number[];
  long: boolean;
  /** Whether it stands above the map. */
  first?: boolean;
}
export interface View {
  lang: string;
  words: Record<string, string>;
  kicker: string;
  title: string;
  subtitle: string;
  made: string;
  level: string;
  levelText: string;
  public: boolean;
  headline: string;
  figures: Figure[];
  map: MapContent;
  tables: Table[];
  lists: { title: string; items: string[] }[];
}
/** The part of the map in view, in cells. */
export interface ViewBox {
  x: number;
  y: number;
  w: number;
  h: number;
}
