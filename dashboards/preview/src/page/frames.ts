// Prometheus's answers as data frames, with the names that Grafana's data source for Prometheus gives them.

import { type DataFrame, type Field, FieldType, type Labels } from '@grafana/data';
import type { Answer, Series } from '../shared/model';

const VALUE = 'Value';

/** Returns the frames of a panel's answers: one per series, or one per query in table format. */
export function framesOf(answers: Answer[]): DataFrame[] {
  const full = answers.filter(({ series }) => series.length > 0);
  const tables = full.filter(({ target }) => target.format === 'table');
  return full.flatMap((answer) =>
    answer.target.format === 'table'
      ? // With several queries, the name of a value column tells its query.
        [tableOf(answer, tables.length > 1 ? `${VALUE} #${answer.target.refId}` : VALUE)]
      : answer.series.map((series) => frameOf(answer, series)),
  );
}

function tableOf({ target, series }: Answer, valueName: string): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const rows = series.flatMap(({ metric, samples }) => samples.map(([seconds, value]) => ({ metric, seconds, value })));
  return {
    refId: target.refId,
    length: rows.length,
    fields: [
      field('Time', FieldType.time, rows.map(({ seconds }) => seconds * 1000)),
      ...labels.map((label) => field(label, FieldType.string, rows.map(({ metric }) => metric[label] ?? ''))),
      field(valueName, FieldType.number, rows.map(({ value }) => number(value))),
    ],
  };
}

function frameOf({ target, stepSeconds }: Answer, { metric, samples }: Series): DataFrame {
  const { __name__: _, ...labels } = metric;
  const points = withGaps(samples, stepSeconds);
  const time = field('Time', FieldType.time, points.map(([seconds]) => seconds * 1000));
  const value = field(VALUE, FieldType.number, points.map(([, text]) => (text === null ? null : number(text))));
  value.labels = labels;
  const name = legend(target.legendFormat, metric, target.expr);
  value.config.displayNameFromDS = name;
  return { refId: target.refId, name, length: points.length, fields: [time, value] };
}

/** Returns the samples with a null wherever some are missing, so that the line breaks there. */
function withGaps(samples: Series['samples'], stepSeconds: number): Array<[number, string | null]> {
  return samples.flatMap((sample, index): Array<[number, string | null]> => {
    const [before] = samples[index - 1] ?? sample;
    return sample[0] - before > stepSeconds ? [[before + stepSeconds, null], sample] : [sample];
  });
}

function field(name: string, type: FieldType, values: unknown[]): Field {
  return { name, type, values, config: {} };
}

function legend(format: string, metric: Labels, expression: string): string {
  if (format !== '__auto' && format !== '') return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  const pairs = Object.entries(metric).filter(([label]) => label !== '__name__');
  return pairs.length === 0 ? expression : `${metric.__name__ ?? ''}{${pairs.map(([label, text]) => `${label}="${text}"`).join(', ')}}`;
}

function number(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}
