import { type DataFrame, FieldType } from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import { useMemo } from 'react';
import type { Drawing } from './drawing';

/** Lines over time. */
export function Lines({ frames, options, range, width, height }: Drawing) {
  const finite = useMemo(() => frames.map(withoutNaN), [frames]);
  return (
    <TimeSeries
      frames={finite}
      structureRev={1}
      timeRange={range}
      timeZone="browser"
      width={width}
      height={height}
      legend={options.legend as VizLegendOptions}
      options={options}
    />
  );
}

/** Replaces values that are not finite, such as 0 / 0, by null. Grafana's panel does this before it draws, but its component does not. */
function withoutNaN(frame: DataFrame): DataFrame {
  const finite = (value: unknown) => (Number.isFinite(value) ? value : null);
  return {
    ...frame,
    fields: frame.fields.map((field) => (field.type === FieldType.number ? { ...field, values: field.values.map(finite) } : field)),
  };
}
