import { colorManipulator, type Field, formattedValueToString, getFieldDisplayName, type GrafanaTheme2 } from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation, type VizLegendOptions } from '@grafana/schema';
import { UPlotChart, UPlotConfigBuilder, useTheme2, VizLayout, VizLegend } from '@grafana/ui';
import { useMemo } from 'react';
import uPlot from 'uplot';
import type { Drawing } from './drawing';
import { coloursOf, seriesOf, type XySeries } from './xySeries';

/** Style of a series: Grafana's schema of the XY chart, with its defaults. */
interface Style {
  show: 'points' | 'lines' | 'points+lines';
  pointSize: { fixed: number };
  pointStrokeWidth: number;
  fillOpacity: number;
  lineWidth: number;
}
const PLAIN: Style = { show: 'points', pointSize: { fixed: 5 }, pointStrokeWidth: 1, fillOpacity: 50, lineWidth: 1 };

/** A scatter plot, with lines between the points of series that request them. */
export function XyChart({ frames, options, width, height }: Drawing) {
  const theme = useTheme2();
  const series = useMemo(() => seriesOf(frames, options), [frames, options]);
  const colours = useMemo(() => coloursOf(series, theme), [series, theme]);
  const config = useMemo(() => configOf(series, colours, theme), [series, colours, theme]);
  const legend = options.legend as VizLegendOptions;
  const items = series.flatMap(({ name, y }, index) =>
    y.config.custom?.hideFrom?.legend ? [] : [{ label: name, color: colours[index], yAxis: 1 }],
  );
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        legend.showLegend ? (
          <VizLayout.Legend placement={legend.placement}>
            <VizLegend items={items} placement={legend.placement} displayMode={legend.displayMode} />
          </VizLayout.Legend>
        ) : null
      }
    >
      {(innerWidth, innerHeight) => (
        <UPlotChart
          config={config}
          data={[null, ...series.map(({ x, y }) => [x.values, y.values])]}
          width={innerWidth}
          height={innerHeight}
        />
      )}
    </VizLayout>
  );
}

function configOf(series: XySeries[], colours: string[], theme: GrafanaTheme2): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder();
  // In this mode of uPlot every series has its own x values.
  builder.setMode(2);
  const [{ x, y }] = series;
  addAxis(builder, 'x', x, theme);
  addAxis(builder, 'y', y, theme);
  series.forEach((each, index) =>
    builder.addSeries({
      scaleKey: 'y',
      theme,
      facets: [
        { scale: 'x', auto: true },
        { scale: 'y', auto: true },
      ],
      pathBuilder: painter({ ...PLAIN, ...each.y.config.custom }, colours[index]),
      pointsBuilder: null,
    }),
  );
  return builder;
}

function addAxis(builder: UPlotConfigBuilder, scaleKey: 'x' | 'y', field: Field, theme: GrafanaTheme2): void {
  const { config } = field;
  const across = scaleKey === 'x';
  builder.addScale({
    scaleKey,
    isTime: false,
    orientation: across ? ScaleOrientation.Horizontal : ScaleOrientation.Vertical,
    direction: across ? ScaleDirection.Right : ScaleDirection.Up,
    min: config.min,
    max: config.max,
    decimals: config.decimals,
  });
  builder.addAxis({
    scaleKey,
    theme,
    isTime: false,
    placement: across ? AxisPlacement.Bottom : AxisPlacement.Left,
    label: config.custom?.axisLabel || getFieldDisplayName(field),
    formatValue: (value, decimals) => (field.display ? formattedValueToString(field.display(value, decimals)) : String(value)),
  });
}

/** Draws a series directly on the canvas, because uPlot draws no points of single positions. */
function painter(style: Style, colour: string): uPlot.Series.PathBuilder {
  return (plot, index) => {
    uPlot.orient(plot, index, (_, xs, ys, scaleX, scaleY, toX, toY, left, top, across, up) => {
      const spots: Array<[number, number]> = [];
      for (let row = 0; row < xs.length; row++) {
        const value = ys[row];
        if (value != null) spots.push([toX(xs[row], scaleX, across, left), toY(value, scaleY, up, top)]);
      }
      const { ctx } = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, across, up);
      ctx.clip();
      ctx.strokeStyle = colour;
      if (style.show !== 'points') line(ctx, spots, style);
      if (style.show !== 'lines') points(ctx, spots, style, colour);
      ctx.restore();
    });
    return null;
  };
}

function line(ctx: CanvasRenderingContext2D, spots: Array<[number, number]>, { lineWidth }: Style): void {
  ctx.lineWidth = lineWidth * uPlot.pxRatio;
  ctx.beginPath();
  spots.forEach(([x, y]) => ctx.lineTo(x, y));
  ctx.stroke();
}

function points(ctx: CanvasRenderingContext2D, spots: Array<[number, number]>, style: Style, colour: string): void {
  ctx.lineWidth = style.pointStrokeWidth * uPlot.pxRatio;
  ctx.fillStyle = colorManipulator.alpha(colour, style.fillOpacity / 100);
  for (const [x, y] of spots) {
    ctx.beginPath();
    ctx.arc(x, y, (style.pointSize.fixed / 2) * uPlot.pxRatio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}
