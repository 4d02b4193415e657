// Curves over training: large ones with axes for all runs, small ones for a row. The large ones of one parent are read together: at a place
// in one, a line crosses all of them, and under each stands what it has there.

import {axes, frame, levelLines, scale, ticks} from './frame.js';
import {count, plain} from './format.js';
import {mark, outline} from './marks.js';
import {element, roving, setAttributes, setText} from './dom.js';
import {classOf, selects} from './selection.js';
import {give} from './tip.js';
import {seen, watch, within} from './zoom.js';

const MARGIN = {left: 46, right: 12, top: 30, bottom: 44};
/** As many runs are read at once. */
const READ = 4;

/** What curves can be drawn over. `of` makes a step of a run into a place; a run has tokens and steps of its own. */
const AXES = [
  {id: 'step', name: 'steps', label: 'step', of: (step) => step, say: (x) => `step ${count(x)}`},
  {id: 'tokens', name: 'tokens', label: 'tokens, at the run’s mean per step', of: (step, run) => step * run.tokensPerStep, say: (x) => `${plain(x)} tokens`},
  {id: 'share', name: 'share', label: 'share of the planned steps', of: (step, run) => step / run.steps, say: (x) => `${plain(100 * x)} % of the steps`},
];

/** The axes that a study's curves can have: tokens where the record counts them. */
export const axesOf = (study) => AXES.filter((axis) => axis.id !== 'tokens' || study.runs.some((run) => run.tokens > 0));

/** Smallest and largest of what is there, or a stand-in where nothing is. */
export function extent(values, otherwise) {
  const [low, high] = d3.extent(values.filter(Number.isFinite));
  return low === undefined ? otherwise : [low, high];
}

// What is made of a line is made once: at an update the lines of most runs are those of before.
const extents = new WeakMap();
const along = new WeakMap();
const paths = new WeakMap();

const once = (known, key, make) => {
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
};

const extentOf = (line) => once(extents, line, () => ({x: d3.extent(line, (point) => point.x), y: d3.extent(line, (point) => point.y)}));

/** A run's line over an axis. */
const lineOf = (run, axis) => once(once(along, run.line, () => new Map()), axis.id, () => run.line.map((point) => ({...point, x: axis.of(point.x, run)})));

/** A line's path between two scales. */
function pathOf(line, across, up) {
  const key = [across, up].map((scale) => [scale.base ? 'log' : '', ...scale.domain(), ...scale.range()].join(' ')).join(';');
  if (paths.get(line)?.key !== key) paths.set(line, {key, d: d3.line((point) => across(point.x), (point) => up(point.y))(line)});
  return paths.get(line).d;
}

const domains = (runs, levels, log) => ({
  x: extent(runs.flatMap((run) => extentOf(run.line).x), [1, 1000]),
  y: extent([...runs.flatMap((run) => extentOf(run.line).y), ...levels.map((line) => line.y)], log ? [0.1, 1] : [0, 1]),
});

/**
 * Draws all runs. runs: {key, label, size, steps, tokensPerStep, line: [{x, y}], points: [{key, x, y, tip, label}]}, with x the step, from 1.
 * axis: the id of one of `axesOf`.
 */
export function curves(figure, spec) {
  const {levels = [], y} = spec;
  const axis = AXES.find((one) => one.id === spec.axis) ?? AXES[0];
  const runs = spec.runs.filter((run) => axis.of(1, run) > 0)
    .map((run) => ({...run, line: lineOf(run, axis), points: run.points.map((point) => ({...point, x: axis.of(point.x, run)}))}));
  const {svg, width, height} = frame(figure, {...spec, x: {label: axis.label}, redraw: () => curves(figure, spec)});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const domain = domains(runs, levels, y.log);
  figure.linked = true;
  const across = seen(figure, 'x', domain.x, [box.left, box.right], {log: true, pad: 0.02});
  const up = seen(figure, 'y', domain.y, [box.bottom, box.top], {log: y.log});
  axes(svg, {x: across, y: up, box, xTicks: ticks(across, 56), yTicks: ticks(up, 34), xLabel: axis.label, yLabel: y.label});
  levelLines(svg, levels, up, box, {anchor: 'start', at: box.left + 4});
  svg.select('.lines').selectAll('path.run').data(runs, (run) => run.key).join('path').attr('class', (run) => `run ${classOf(run.key)}`)
    .attr('data-run', (run) => run.key).style('stroke', (run) => mark(run.size).colour).each(function draw(run) {
      const d = pathOf(run.line, across, up);
      if (this.drawn !== d) this.setAttribute('d', d ?? '');
      this.drawn = d;
    });
  watch(figure, svg, {x: across, y: up, box});
  const points = runs.flatMap((run) => run.points.map((point) => ({...point, run: run.key, size: run.size})))
    .filter((point) => within(figure, {x: across, y: up}, point.x, point.y));
  const groups = svg.select('.points').selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('circle').attr('class', 'reach').attr('r', 9);
    made.append('path').attr('class', 'shape');
    return made;
  });
  groups.attr('class', (point) => `point ${classOf(point.run)}`).attr('transform', (point) => `translate(${across(point.x)},${up(point.y)})`)
    .each(function describe(point) {
      setAttributes(this, {'data-run': point.run, 'aria-label': point.label});
      give(this, point.tip);
    });
  groups.select('.shape').attr('d', (point) => outline(point.size, 26)).style('fill', (point) => mark(point.size).colour);
  roving(svg.select('.points').node(), 'g.point');
  readable(figure, {runs, across, up, box, axis, unit: spec.unit ?? y.label.split(', ').at(-1)});
}

/** Lets a figure be read at a place along its axis, together with the others of its parent. */
function readable(figure, drawn) {
  const first = !figure.drawn;
  figure.drawn = drawn;
  if (!first) {
    if (figure.parentElement.reading) read(figure.parentElement, figure.parentElement.reading);
    return;
  }
  figure.append(element('p', {class: 'reading quiet'}));
  const drawing = figure.querySelector('.drawing');
  const place = (event) => {
    const {left, top} = drawing.getBoundingClientRect();
    return nearest(figure.drawn, event.clientX - left, event.clientY - top);
  };
  drawing.addEventListener('pointermove', (event) => read(figure.parentElement, place(event)));
  drawing.addEventListener('pointerleave', () => read(figure.parentElement, null));
  // By keyboard the point that has the focus is the place.
  drawing.addEventListener('focusin', (event) => {
    const point = event.target.closest('g.point');
    if (point) read(figure.parentElement, {run: point.dataset.run, x: d3.select(point).datum().x});
  });
  drawing.addEventListener('focusout', () => read(figure.parentElement, null));
}

/** The run whose curve is nearest to a place in the drawing, and its point there; null outside of the axes' box. */
function nearest({runs, across, up, box}, left, top) {
  if (left < box.left || left > box.right || top < box.top || top > box.bottom) return null;
  const x = across.invert(left);
  const here = runs.flatMap((run) => {
    const point = at(run, x);
    return point ? [{run: run.key, x: point.x, distance: Math.abs(up(point.y) - top)}] : [];
  });
  const found = d3.least(here, (one) => one.distance);
  return found ? {run: found.run, x: found.x} : null;
}

const byX = d3.bisector((point) => point.x);

/** A run's newest point at or before a place. */
const at = (run, x) => run.line[byX.right(run.line, x * (1 + 1e-9)) - 1];

/** Draws the line across all figures of a parent and writes what is there: of the selected runs, or of the one that is near. */
function read(parent, place) {
  parent.reading = place;
  for (const figure of parent.querySelectorAll(':scope > .plot')) {
    if (figure.drawn) readOne(figure, place);
  }
}

function readOne(figure, place) {
  const {runs, across, up, box, axis, unit} = figure.drawn;
  const chosen = place ? runs.filter((run) => selects(run.key)).slice(0, READ) : [];
  const wanted = chosen.length > 0 ? chosen : runs.filter((run) => run.key === place?.run);
  const found = wanted.map((run) => ({run, point: at(run, place.x)}));
  const cross = d3.select(figure).select('.cross');
  const x = place ? across(place.x) : 0;
  cross.selectAll('line').data(place && x >= box.left && x <= box.right ? [x] : []).join('line').attr('x1', x).attr('x2', x).attr('y1', box.top).attr('y2', box.bottom);
  cross.selectAll('circle').data(found.filter(({point}) => point && within(figure, {x: across, y: up}, point.x, point.y))).join('circle').attr('r', 5)
    .attr('cx', ({point}) => across(point.x)).attr('cy', ({point}) => up(point.y)).style('stroke', ({run}) => mark(run.size).colour);
  setText(figure.querySelector('.reading'), found.map(({run, point}) => `${run.label}: ${
    point ? `${plain(point.y)} ${unit}, ${axis.say(point.x)}` : 'nothing so far'}`).join('\n'));
}

const known = new WeakMap();

/** The domains of a list of runs, found once: every row of it asks. */
export function domainsOf(all, levels, log) {
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
