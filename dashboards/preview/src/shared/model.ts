// The data that the command and the page exchange, and the parts of a dashboard's file that they read.

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

/** A panel, or a row with the panels collapsed in it. */
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

/** A variable at the top of a dashboard. */
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

/** A series as Prometheus returns it: samples of a time in seconds and a number as text. */
export interface Series {
  metric: Record<string, string>;
  samples: Array<[number, string]>;
}

/** Prometheus's answer to one query; `stepSeconds` is zero for an instant query. */
export interface Answer {
  target: Target;
  stepSeconds: number;
  series: Series[];
  error?: string;
}

/** A panel with its answers; variables are already replaced in its texts. */
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

/** The result of drawing a panel. */
export interface Drawn {
  title: string;
  type: string;
  frames: number;
  series: number;
  points: number;
  error?: string;
}
