import { type DataFrame, type DataTransformerInfo, standardTransformers, standardTransformersRegistry, transformDataFrame } from '@grafana/data';
import { firstValueFrom, map } from 'rxjs';
import type { Panel } from '../shared/model';

interface PartitionOptions {
  fields: string[];
  keepFields?: boolean;
  naming?: { asLabels?: boolean };
}

/** Splits frames by the values of some fields. Reimplemented because Grafana has it in its server, not in its packages. */
const partitionByValues: DataTransformerInfo<PartitionOptions> = {
  id: 'partitionByValues',
  name: 'Partition by values',
  operator: (options) => (source) => source.pipe(map((frames) => frames.flatMap((frame) => partition(frame, options)))),
};

function partition(frame: DataFrame, { fields, keepFields = false, naming = {} }: PartitionOptions): DataFrame[] {
  const keys = frame.fields.filter(({ name }) => fields.includes(name));
  if (keys.length === 0) return [frame];
  const rows = new Map<string, number[]>();
  for (let row = 0; row < frame.length; row++) {
    const key = JSON.stringify(keys.map(({ values }) => values[row]));
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return [...rows.values()].map((chosen) => {
    const values = keys.map((key) => [key.name, String(key.values[chosen[0]])]);
    return {
      ...frame,
      name: naming.asLabels ? frame.name : values.map(([, value]) => value).join(' '),
      length: chosen.length,
      fields: frame.fields
        .filter((field) => keepFields || !keys.includes(field))
        .map((field) => ({
          ...field,
          state: undefined,
          labels: naming.asLabels ? { ...field.labels, ...Object.fromEntries(values) } : field.labels,
          values: chosen.map((row) => field.values[row]),
        })),
    };
  });
}

// The package exports some transformations under two names.
const transformers = new Set<DataTransformerInfo>([...Object.values(standardTransformers), partitionByValues]);

standardTransformersRegistry.setInit(() =>
  [...transformers].map((transformation) => ({
    id: transformation.id,
    name: transformation.name,
    transformation,
    editor: () => null,
    imageDark: '',
    imageLight: '',
  })),
);

/** Applies a panel's transformations to frames. */
export async function transformed(panel: Panel, frames: DataFrame[]): Promise<DataFrame[]> {
  const steps = panel.transformations ?? [];
  const stranger = steps.find(({ id }) => !standardTransformersRegistry.getIfExists(id));
  if (stranger) throw new Error(`transformation ${stranger.id} is unknown to the preview: add it to transformations.ts`);
  return steps.length === 0 ? frames : firstValueFrom(transformDataFrame(steps, frames));
}
