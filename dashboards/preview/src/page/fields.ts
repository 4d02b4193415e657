import {
  applyFieldOverrides,
  type DataFrame,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
} from '@grafana/data';

/** Choices already stand in all texts. */
export const asWritten: InterpolateFunction = (text) => text;

/** Frames with unit, decimals, thresholds and all else that a panel's configuration says of their fields. */
export function configured(frames: DataFrame[], fieldConfig: FieldConfigSource, theme: GrafanaTheme2): DataFrame[] {
  return applyFieldOverrides({
    data: frames,
    fieldConfig,
    fieldConfigRegistry: registryOf(fieldConfig),
    replaceVariables: asWritten,
    theme,
    timeZone: 'browser',
  });
}

/** Grafana takes over only properties that are registered; these are the ones which the panel itself uses. */
function registryOf({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const { custom = {}, ...standard } = defaults;
  const ids = new Set([
    ...Object.keys(standard),
    ...Object.keys(custom).map((name) => `custom.${name}`),
    ...overrides.flatMap(({ properties }) => properties.map(({ id }) => id)),
  ]);
  return new FieldConfigOptionsRegistry(() => [...ids].map(property));
}

function property(id: string): FieldConfigPropertyItem {
  const isCustom = id.startsWith('custom.');
  const path = isCustom ? id.slice('custom.'.length) : id;
  return {
    id,
    path,
    isCustom,
    name: id,
    process: (value) => value,
    shouldApply: () => true,
    override: () => null,
    editor: () => null,
  };
}
