import {
  applyFieldOverrides,
  type DataContextScopedVar,
  type DataFrame,
  displayNameOverrideProcessor,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
} from '@grafana/data';

/** Fills in a field's labels, as in ${__field.labels.size}; variables are already replaced in all texts. */
export const filledIn: InterpolateFunction = (text, scoped) => {
  const context = scoped?.__dataContext as DataContextScopedVar | undefined;
  return text.replace(/\$\{__field\.labels\.(\w+)\}/g, (_, label: string) => context?.value.field?.labels?.[label] ?? '');
};

/** Applies a panel's field configuration to frames: unit, decimals, thresholds and so on. */
export function configured(frames: DataFrame[], fieldConfig: FieldConfigSource, theme: GrafanaTheme2): DataFrame[] {
  return applyFieldOverrides({
    data: frames,
    fieldConfig,
    fieldConfigRegistry: registryOf(fieldConfig),
    replaceVariables: filledIn,
    theme,
    timeZone: 'browser',
  });
}

/** Registers the properties that the panel uses, because Grafana applies only registered ones. */
function registryOf({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const { custom = {}, ...standard } = defaults;
  const ids = new Set([
    ...Object.keys(standard),
    ...Object.keys(custom).map((name) => `custom.${name}`),
    ...overrides.flatMap(({ properties }) => properties.map(({ id }) => id)),
  ]);
  return new FieldConfigOptionsRegistry(() => [...ids].map(property));
}

/** Names may contain a field's labels. */
const SETTINGS = { expandTemplateVars: true };

function property(id: string): FieldConfigPropertyItem {
  const isCustom = id.startsWith('custom.');
  const path = isCustom ? id.slice('custom.'.length) : id;
  return {
    id,
    path,
    isCustom,
    name: id,
    process: id === 'displayName' ? (value, context) => displayNameOverrideProcessor(value, context, SETTINGS) : (value) => value,
    shouldApply: () => true,
    override: () => null,
    editor: () => null,
  };
}
