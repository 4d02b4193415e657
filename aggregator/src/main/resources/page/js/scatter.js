// Points with error bars both ways, one colour and one shape a size.

import {axes, frame, levelLines, ticks} from './frame.js';
import {mark, outline} from './marks.js';
import {roving, setAttributes} from './dom.js';
import {classOf} from './selection.js';
import {give} from './tip.js';
import {seen, watch, within} from './zoom.js';

const MARGIN = {left: 46, right: 14, top: 30, bottom: 46};
/** How far above the axis the words of a band stand. */
const BAND_TEXT = 7;

/**
 * Draws a figure.
 * points: {key, run, size, x: {value, low, high}, y: {value, low, high}, strong, tip, label}
 * trails: {key, size, points: [{x, y}]} in grey behind, a run's way
 * bands: {from, to, text, strong} along x
 * levels: {y, text} across
 */
export function scatter(figure, spec) {
  const {sizes, points, trails = [], bands = [], levels = [], x, y} = spec;
  const {svg, width, height} = frame(figure, {...spec, redraw: () => scatter(figure, spec),
    legend: sizes.map((size) => ({name: size.name, path: outline(size.place, 64), colour: mark(size.place).colour}))});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const across = seen(figure, 'x', x.extent, [box.left, box.right], {log: x.log});
  const up = seen(figure, 'y', y.extent, [box.bottom, box.top]);
  const shown = {x: across, y: up};
  // Where all is seen, a point beyond an axis is drawn at its end.
  const inside = (axis, value) => {
    const [low, high] = d3.extent(axis.domain());
    return axis(Math.min(high, Math.max(low, value)));
  };
  axes(svg, {x: across, y: up, box, xTicks: ticks(across, 74), yTicks: ticks(up, 42), xLabel: x.label, yLabel: y.label});
  drawBands(svg, bands, across, box);
  levelLines(svg, levels, up, box, {anchor: 'end', at: box.right - 4, taken: bands.some((band) => band.strong) ? [box.bottom - BAND_TEXT] : []});
  svg.select('.lines').selectAll('path.trail').data(trails, (trail) => trail.key).join('path')
    .attr('class', (trail) => `trail ${classOf(trail.run)}`).attr('data-run', (trail) => trail.run).style('stroke', (trail) => mark(trail.size).colour)
    .attr('d', (trail) => d3.line((point) => across(point.x), (point) => up(point.y))(trail.points));
  watch(figure, svg, {x: across, y: up, box});
  drawPoints(svg, points.filter((point) => within(figure, shown, point.x.value, point.y.value)),
    (value) => inside(across, value), (value) => inside(up, value));
}

function drawBands(svg, bands, across, box) {
  const [low, high] = d3.extent(across.domain());
  const seen = bands.map((band) => ({...band, from: Math.max(low, band.from), to: Math.min(high, band.to)}))
    .filter((band) => band.to > band.from);
  const layer = svg.select('.bands');
  layer.selectAll('rect').data(seen).join('rect')
    .attr('class', (band) => (band.strong ? 'band strong' : 'band'))
    .attr('x', (band) => across(band.from))
    .attr('width', (band) => Math.max(2, across(band.to) - across(band.from)))
    .attr('y', box.top).attr('height', box.bottom - box.top);
  // The words start in their band, or end in it where they would leave the figure.
  const nearEnd = (band) => across(band.from) > (box.left + box.right) / 2;
  layer.selectAll('text').data(seen.filter((band) => band.strong)).join('text')
    .attr('class', 'band-text').attr('y', box.bottom - BAND_TEXT)
    .attr('text-anchor', (band) => (nearEnd(band) ? 'end' : 'start'))
    .attr('x', (band) => (nearEnd(band) ? across(band.to) - 5 : across(band.from) + 5))
    .text((band) => band.text);
}

function drawPoints(svg, points, across, up) {
  const layer = svg.select('.points');
  const groups = layer.selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('path').attr('class', 'error');
    made.append('circle').attr('class', 'reach').attr('r', 12);
    made.append('path').attr('class', 'shape');
    return made;
  });
  groups.attr('class', (point) => `point ${point.strong ? 'strong' : ''} ${classOf(point.run)}`)
    .attr('transform', (point) => `translate(${across(point.x.value)},${up(point.y.value)})`)
    .each(function describe(point) {
      setAttributes(this, {
        'data-run': point.run, 'data-x': point.x.value, 'data-x-low': point.x.low, 'data-x-high': point.x.high,
        'data-y': point.y.value, 'data-y-low': point.y.low, 'data-y-high': point.y.high, 'aria-label': point.label,
      });
      give(this, point.tip);
    });
  groups.select('.shape').attr('d', (point) => outline(point.size, point.strong ? 92 : 34))
    .style('fill', (point) => mark(point.size).colour);
  groups.select('.error').style('stroke', (point) => mark(point.size).colour).attr('d', (point) => {
    if (!point.strong) return null;
    const [px, py] = [across(point.x.value), up(point.y.value)];
    const bars = [];
    if (point.x.high > point.x.low) bars.push(`M${across(point.x.low) - px},0H${across(point.x.high) - px}`);
    if (point.y.high > point.y.low) bars.push(`M0,${up(point.y.low) - py}V${up(point.y.high) - py}`);
    return bars.join('');
  });
  layer.selectAll('g.point').order();
  roving(layer.node(), 'g.point');
}
