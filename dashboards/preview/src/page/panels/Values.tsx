import {
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type ReduceDataOptions,
  VizOrientation,
} from '@grafana/data';
import { useTheme2, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui';
import type { ReactElement } from 'react';
import { filledIn } from '../fields';
import type { Drawing } from './drawing';

type Shown = VizRepeaterRenderValueProps<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>;

interface Props extends Drawing {
  spacing: number;
  autoGrid: boolean;
  minHeight?: number;
  maxHeight?: number;
  draw: (shown: Shown) => ReactElement;
}

/** The newest value of each series, side by side or one below the other. */
export function Values({ frames, options, fieldConfig, width, height, spacing, autoGrid, minHeight, maxHeight, draw }: Props) {
  const theme = useTheme2();
  const values = getFieldDisplayValues({
    data: frames,
    reduceOptions: options.reduceOptions as ReduceDataOptions,
    fieldConfig,
    replaceVariables: filledIn,
    theme,
    timeZone: 'browser',
  });
  return (
    <VizRepeater
      source={frames}
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={draw}
      renderCounter={0}
      width={width}
      height={height}
      itemSpacing={spacing}
      autoGrid={autoGrid}
      minVizHeight={minHeight}
      maxVizHeight={maxHeight}
      orientation={(options.orientation as VizOrientation | undefined) ?? VizOrientation.Auto}
    />
  );
}
