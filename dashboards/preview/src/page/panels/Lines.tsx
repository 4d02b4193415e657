import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import type { Drawing } from './drawing';

/** Lines over time. */
export function Lines({ frames, options, range, width, height }: Drawing) {
  return (
    <TimeSeries
      frames={frames}
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
