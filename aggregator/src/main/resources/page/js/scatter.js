// Points with error bars both ways, one colour and one shape a size.

import {axes, frame, scale, ticks} from './frame.js';
import {mark, outline} from './marks.js';
import {classOf, hides, tag} from './selection.js';
import {roving} from './dom.js';
import {give} from './tip.js';

const MARGIN = {left: 46, right: 14, top: 52, bottom: 46};

/**
 * Draws a figure.
 * points: {key, run, size, x: {value, low, high}, y: {value, low, high}, strong, tip, label}
 * trails: {key, size, points: [{x, y}]} in grey behind, a run's way
 * bands: {from, to, text, strong} along x
 * levels: {y, text} across
 */
export function scatter(figure, {title, finding, empty, name, table, sizes, points, trails = [], bands = [], levels = [], x, y}) {
  const {svg, width, height} = frame(figure, {title, finding, empty, name, table});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const across = scale(x.extent, x.reversed ? [box.right, box.left] : [box.left, box.right], {log: x.log});
  const up = scale(y.extent, [box.bottom, box.top]);
  const inside = (axis, value) => {
    const [low, high] = d3.extent(axis.domain());
    return axis(Math.min(high, Math.max(low, value)));
  };
  axes(svg, {
    x: across, y: up, box,
    xTicks: ticks(across, 74), yTicks: ticks(up, 42),
    xLabel: x.label, yLabel: y.label,
  });
  drawBands(svg, bands, across, box);
  drawLevels(svg, levels.filter((line) => line.y >= up.domain()[0] && line.y <= up.domain()[1]), up, box);
  svg.select('.lines').selectAll('path.trail').data(trails, (trail) => trail.key).join('path')
    .attr('class', 'trail').attr('data-run', (trail) => trail.run).style('stroke', (trail) => mark(trail.size).colour)
    .attr('d', (trail) => d3.line((point) => inside(across, point.x), (point) => inside(up, point.y))(trail.points));
  drawPoints(svg, points, (value) => inside(across, value), (value) => inside(up, value));
  drawLegend(svg, sizes, box);
}

function drawBands(svg, bands, across, box) {
  const [low, high] = d3.extent(across.domain());
  const seen = bands.map((band) => ({...band, from: Math.max(low, band.from), to: Math.min(high, band.to)}))
    .filter((band) => band.to > band.from);
  const layer = svg.select('.bands');
  layer.selectAll('rect').data(seen).join('rect')
    .attr('class', (band) => (band.strong ? 'band strong' : 'band'))
    .attr('x', (band) => Math.min(across(band.from), across(band.to)))
    .attr('width', (band) => Math.max(2, Math.abs(across(band.to) - across(band.from))))
    .attr('y', box.top).attr('height', box.bottom - box.top);
  layer.selectAll('text').data(seen.filter((band) => band.strong)).join('text')
    .attr('class', 'band-text').attr('y', box.bottom - 7)
    .attr('x', (band) => Math.min(across(band.from), across(band.to)) + 5)
    .text((band) => band.text);
}

function drawLevels(svg, levels, up, box) {
  const layer = svg.select('.lines');
  layer.selectAll('line.level').data(levels).join('line').attr('class', 'level')
    .attr('x1', box.left).attr('x2', box.right).attr('y1', (line) => up(line.y)).attr('y2', (line) => up(line.y));
  layer.selectAll('text.level-text').data(levels).join('text').attr('class', 'level-text')
    .attr('x', box.right - 4).attr('text-anchor', 'end').attr('y', (line) => up(line.y) - 5).text((line) => line.text);
}

function drawPoints(svg, points, across, up) {
  const layer = svg.select('.points');
  const groups = layer.selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('path').attr('class', 'error');
    made.append('circle').attr('class', 'reach').attr('r', 11);
    made.append('path').attr('class', 'shape');
    return made;
  });
  groups.attr('class', (point) => `point${point.strong ? ' strong' : ''} ${classOf(point.run)}`)
    .attr('data-run', (point) => point.run)
    .attr('data-x', (point) => point.x.value).attr('data-x-low', (point) => point.x.low).attr('data-x-high', (point) => point.x.high)
    .attr('data-y', (point) => point.y.value).attr('data-y-low', (point) => point.y.low).attr('data-y-high', (point) => point.y.high)
    .attr('aria-label', (point) => point.label).each(function tell(point) { give(this, point.tip); })
    .attr('transform', (point) => `translate(${across(point.x.value)},${up(point.y.value)})`);
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

function drawLegend(svg, sizes, box) {
  const entries = svg.select('.legend').selectAll('g.entry').data(sizes).join((entering) => {
    const made = entering.append('g').attr('class', 'entry').attr('role', 'button').attr('tabindex', 0);
    made.append('rect').attr('class', 'reach').attr('x', -10).attr('y', -12).attr('height', 24);
    made.append('path');
    made.append('text').attr('x', 10).attr('dy', '.34em');
    return made;
  });
  entries.select('path').attr('d', (size) => outline(size.place, 64)).style('fill', (size) => mark(size.place).colour);
  entries.select('text').text((size) => size.name);
  entries.attr('data-hides', (size) => tag('size', size.name)).attr('aria-pressed', (size) => String(!hides('size', size.name)))
    .attr('aria-label', (size) => `Show size ${size.name}`).classed('off', (size) => hides('size', size.name));
  entries.select('.reach').attr('width', (size) => 22 + 8 * size.name.length);
  let left = box.left + 8;
  entries.each(function place(size) {
    d3.select(this).attr('transform', `translate(${left},14)`);
    left += 24 + 8 * size.name.length;
  });
}
