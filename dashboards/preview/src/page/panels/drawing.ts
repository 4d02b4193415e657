import type { DataFrame, FieldConfigSource, TimeRange } from '@grafana/data';

/** What every kind of panel is drawn from. */
export interface Drawing {
  frames: DataFrame[];
  options: Record<string, unknown>;
  fieldConfig: FieldConfigSource;
  range: TimeRange;
  width: number;
  height: number;
}
