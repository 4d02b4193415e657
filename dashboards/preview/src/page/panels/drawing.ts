import type { DataFrame, FieldConfigSource, TimeRange } from '@grafana/data';

/** Input of every kind of panel. */
export interface Drawing {
  frames: DataFrame[];
  options: Record<string, unknown>;
  fieldConfig: FieldConfigSource;
  range: TimeRange;
  width: number;
  height: number;
}
