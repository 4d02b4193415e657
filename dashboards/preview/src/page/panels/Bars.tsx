import type { VizOrientation } from '@grafana/data';
import { type BarGaugeDisplayMode, BarGaugeNamePlacement, type BarGaugeValueMode } from '@grafana/schema';
import { BarGauge, useTheme2 } from '@grafana/ui';
import type { Drawing } from './drawing';
import { Values } from './Values';

/** Grafana's defaults of a bar's minimum and maximum height. */
const HEIGHTS = { minHeight: 16, maxHeight: 300 };

/** The newest values as bars. */
export function Bars(drawing: Drawing) {
  const theme = useTheme2();
  const { displayMode, showUnfilled, valueMode, orientation } = drawing.options;
  return (
    <Values
      {...drawing}
      {...HEIGHTS}
      spacing={10}
      autoGrid={false}
      draw={({ value, width, height, alignmentFactors }) => (
        <BarGauge
          value={value.display}
          field={value.field}
          display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
          width={width}
          height={height}
          alignmentFactors={alignmentFactors}
          theme={theme}
          orientation={orientation as VizOrientation}
          displayMode={displayMode as BarGaugeDisplayMode}
          showUnfilled={showUnfilled as boolean}
          valueDisplayMode={valueMode as BarGaugeValueMode}
          namePlacement={BarGaugeNamePlacement.Auto}
          isOverflow={false}
        />
      )}
    />
  );
}
