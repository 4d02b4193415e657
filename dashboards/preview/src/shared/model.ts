// What the command and the page tell each other, and as much of a dashboard's file as both read.

import type { DataTransformerConfig, FieldConfigSource } from '@grafana/data';

/** A place in the grid of 24 columns. */
export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A query of a panel. */
export interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  instant: boolean;
  format: 'table' | 'time_series';
}

/** A panel, or a row with the panels that are folded into it. */
export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: Place;
  fieldConfig: FieldConfigSource;
  options: Record<string, unknown>;
  targets?: Target[];
  transformations?: DataTransformerConfig[];
  collapsed?: boolean;
  panels?: Panel[];
}

/** A choice at the top of a dashboard. */
export interface Variable {
  name: string;
  label: string;
  definition: string;
  regex: string;
  sort: number;
  includeAll: boolean;
  allValue?: string;
}

/** A dashboard's file. */
export interface Dashboard {
  title: string;
  time: { from: string; to: string };
  templating: { list: Variable[] };
  panels: Panel[];
}

/** A series as Prometheus returns it: samples of seconds and a number as text. */
export interface Series {
  metric: Record<string, string>;
  samples: Array<[number, string]>;
}

/** What Prometheus answered to one query; `stepSeconds` is zero for one instant. */
export interface Answer {
  target: Target;
  stepSeconds: number;
  series: Series[];
  error?: string;
}

/** A panel with its answers, choices already in its texts. */
export interface Asked {
  panel: Panel;
  answers: Answer[];
}

/** Everything that the page draws. */
export interface Scene {
  title: string;
  theme: 'dark' | 'light';
  width: number;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  choices: Array<{ label: string; text: string }>;
  panels: Asked[];
}

/** What became of a panel. */
export interface Drawn {
  title: string;
  type: string;
  frames: number;
  series: number;
  points: number;
  error?: string;
}
