// Curves over training steps: large ones with axes for all runs, small ones for a row.

import {axes, frame, scale, ticks} from './frame.js';
import {mark, outline} from './marks.js';
import {roving} from './dom.js';
import {classOf} from './selection.js';
import {give} from './tip.js';

const MARGIN = {left: 46, right: 12, top: 30, bottom: 44};

/** Smallest and largest of what is there, or a stand-in where nothing is. */
export function extent(values, otherwise) {
  const [low, high] = d3.extent(values.filter(Number.isFinite));
  return low === undefined ? otherwise : [low, high];
}

const domains = (runs, levels, log) => ({
  x: extent(runs.flatMap((run) => run.line.map((point) => point.x)), [1, 1000]),
  y: extent([...runs.flatMap((run) => run.line.map((point) => point.y)), ...levels.map((line) => line.y)], log ? [0.1, 1] : [0, 1]),
});

/**
 * Draws all runs. runs: {key, size, line: [{x, y}], points: [{key, x, y, tip, label}]}, with x from 1.
 */
export function curves(figure, {title, finding, empty, name, table, runs, levels = [], y}) {
  const {svg, width, height} = frame(figure, {title, finding, empty, name, table});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const domain = domains(runs, levels, y.log);
  const across = scale(domain.x, [box.left, box.right], {log: true, pad: 0.02});
  const up = scale(domain.y, [box.bottom, box.top], {log: y.log});
  axes(svg, {
    x: across, y: up, box,
    xTicks: ticks(across, 56), yTicks: ticks(up, 34),
    xLabel: 'step', yLabel: y.label,
  });
  const path = d3.line((point) => across(point.x), (point) => up(point.y));
  const layer = svg.select('.lines');
  layer.selectAll('line.level').data(levels).join('line').attr('class', 'level')
    .attr('x1', box.left).attr('x2', box.right).attr('y1', (line) => up(line.y)).attr('y2', (line) => up(line.y));
  layer.selectAll('text.level-text').data(levels).join('text').attr('class', 'level-text')
    .attr('x', (_, place) => box.left + 4 + 32 * (place % 2)).attr('y', (line) => up(line.y) - 3).text((line) => line.text);
  layer.selectAll('path.run').data(runs, (run) => run.key).join('path').attr('class', (run) => `run ${classOf(run.key)}`)
    .attr('data-run', (run) => run.key).style('stroke', (run) => mark(run.size).colour).attr('d', (run) => path(run.line));
  const points = runs.flatMap((run) => run.points.map((point) => ({...point, run: run.key, size: run.size})));
  const groups = svg.select('.points').selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('class', 'point').attr('role', 'img');
    made.append('circle').attr('class', 'reach').attr('r', 9);
    made.append('path').attr('class', 'shape');
    return made;
  });
  groups.attr('class', (point) => `point ${classOf(point.run)}`).attr('data-run', (point) => point.run).attr('aria-label', (point) => point.label).each(function tell(point) { give(this, point.tip); })
    .attr('transform', (point) => `translate(${across(point.x)},${up(point.y)})`);
  groups.select('.shape').attr('d', (point) => outline(point.size, 26)).style('fill', (point) => mark(point.size).colour);
  roving(svg.select('.points').node(), 'g.point');
}

const known = new WeakMap();

/** The domains of a list of runs, found once: every row of it asks. */
function domainsOf(all, levels, log) {
  if (!known.has(all)) known.set(all, domains(all, levels, log));
  return known.get(all);
}

/** A small curve of one run, the others in grey behind it, all on one scale. */
export function small(svg, {all, own, log, levels = []}) {
  const width = Math.max(60, svg.parentElement.clientWidth);
  const height = 44;
  const domain = domainsOf(all, levels, log);
  const across = scale(domain.x, [3, width - 5], {log: true, pad: 0.02});
  const up = scale(domain.y, [height - 4, 4], {log});
  const path = d3.line((point) => across(point.x), (point) => up(point.y));
  const drawing = d3.select(svg).attr('viewBox', `0 0 ${width} ${height}`).attr('width', width).attr('height', height);
  const behind = all.length > 40 ? [] : all.filter((run) => run.key !== own.key);
  drawing.selectAll('path.other').data([behind.map((run) => path(run.line)).join('')]).join('path').attr('class', 'other').attr('d', (d) => d || null);
  drawing.selectAll('line.level').data(levels).join('line').attr('class', 'level')
    .attr('x1', 0).attr('x2', width).attr('y1', (line) => up(line.y)).attr('y2', (line) => up(line.y));
  drawing.selectAll('path.run').data([own]).join('path').attr('class', 'run')
    .style('stroke', mark(own.size).colour).attr('d', path(own.line) || null);
  const end = own.line.at(-1);
  drawing.selectAll('circle').data(end ? [end] : []).join('circle').attr('r', 3)
    .attr('cx', (point) => across(point.x)).attr('cy', (point) => up(point.y)).style('fill', mark(own.size).colour);
}
