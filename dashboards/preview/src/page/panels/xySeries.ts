import {
  type DataFrame,
  type Field,
  FieldColorModeId,
  fieldMatchers,
  FieldType,
  getFieldDisplayName,
  getFieldSeriesColor,
  type GrafanaTheme2,
  type MatcherConfig,
} from '@grafana/data';

interface Dimension {
  matcher: MatcherConfig;
}

/** Points of one colour. */
export interface XySeries {
  name: string;
  x: Field;
  y: Field;
}

/** Returns the series of an XY chart with automatic mapping: in every frame, the first matching x with each matching y. */
export function seriesOf(frames: DataFrame[], options: Record<string, unknown>): XySeries[] {
  const [wanted = {}] = (options.series ?? []) as Array<{ x?: Dimension; y?: Dimension }>;
  return frames.flatMap((frame) => {
    const numbers = frame.fields.filter(({ type }) => type === FieldType.number);
    const x = numbers.find((field) => matches(wanted.x, field, frame, frames));
    if (!x) return [];
    return numbers
      .filter((field) => field !== x && matches(wanted.y, field, frame, frames))
      .map((y) => ({ name: getFieldDisplayName(y, frame, frames), x, y }));
  });
}

function matches(dimension: Dimension | undefined, field: Field, frame: DataFrame, frames: DataFrame[]): boolean {
  return !dimension || fieldMatchers.get(dimension.matcher.id).get(dimension.matcher.options)(field, frame, frames);
}

/** Returns one colour per series: the palette's next one, unless a fixed one is configured. */
export function coloursOf(series: XySeries[], theme: GrafanaTheme2): string[] {
  const { palette, getColorByName } = theme.visualization;
  let next = 0;
  return series.map(({ y }) =>
    y.config.color?.mode === FieldColorModeId.PaletteClassic
      ? getColorByName(palette[next++ % palette.length])
      : getFieldSeriesColor(y, theme).color,
  );
}
