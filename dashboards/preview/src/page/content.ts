import { type DataFrame, FieldType } from '@grafana/data';
import type { Drawn, Panel } from '../shared/model';
import { seriesOf } from './panels/xySeries';

/** Counts the series and points that a panel shows. A table's rows count as series, and its cells as their points. */
export function contentOf({ title, type, options }: Panel, frames: DataFrame[]): Drawn {
  const numbers = frames.flatMap(({ fields }) => fields.filter((field) => field.type === FieldType.number));
  const told = (values: unknown[]) => values.filter((value) => Number.isFinite(value)).length;
  const content = { title, type, frames: frames.length };
  if (type === 'xychart') {
    const series = seriesOf(frames, options);
    const points = series.map(({ x, y }) => y.values.filter((value, row) => Number.isFinite(value) && Number.isFinite(x.values[row])).length);
    return { ...content, series: series.length, points: sum(points) };
  }
  if (type === 'table') {
    return { ...content, series: sum(frames.map(({ length }) => length)), points: sum(frames.map(({ length, fields }) => length * fields.length)) };
  }
  return { ...content, series: numbers.length, points: sum(numbers.map(({ values }) => told(values))) };
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
