// One run's newest spectrum: how many eigenvalues of the Hessian lie where, with an error band, and the largest ones with their intervals.

import {list} from './controls.js';
import {byId, roving, setText} from './dom.js';
import {count, estimate, interval as ends, percent, plain, plural} from './format.js';
import {axes, frame, ticks} from './frame.js';
import {mark} from './marks.js';
import {estimator, interval} from './tell.js';
import {lines} from './tip.js';
import {know, part, seen, watch, within} from './zoom.js';

const MARGIN = {left: 56, right: 16, top: 34, bottom: 46};
/** Counts below this are not drawn: so little of an eigenvalue is a start vector's noise. */
const FLOOR = 0.01;

/** The newest checkpoint of a run that has a spectrum. */
const newest = (run) => run.checkpoints.findLast((point) => point.spectra.length > 0);

/** Runs that have one. */
export const runsWith = (study) => study.runs.filter((run) => newest(run));

const asked = (spectrum) => [
  ['unit', 'nats'],
  ['n', `${plural(spectrum.dataSets, 'data set')} of ${plural(spectrum.sentences, 'sentence')}`],
  ['seed', spectrum.estimatorSeed],
  ['estimator', estimator(spectrum)],
];

/** Equal steps from edge to edge: whatever the edges are, a bin is as wide as the next. */
function across(edges, [from, to]) {
  const step = (to - from) / (edges.length - 1);
  return d3.scaleLinear(edges, edges.map((_, place) => from + place * step)).clamp(true);
}

/** Powers of ten of either sign among the edges, thinned to what fits; zero in the middle. */
function powers(edges, axis, room) {
  const tens = edges.filter((edge) => edge !== 0 && Math.abs(Math.log10(Math.abs(edge)) % 1) < 1e-9);
  const [low, high] = [edges[0], edges.at(-1)];
  const all = d3.sort([...(tens.length > 1 ? tens : [low, high]), ...(low < 0 && high > 0 ? [0] : [])]);
  const kept = [];
  // Zero first, so that it is never the one that has no room.
  for (const tick of d3.sort(all, (one) => Math.abs(one))) {
    if (kept.every((other) => Math.abs(axis(other) - axis(tick)) >= room)) kept.push(tick);
  }
  return d3.sort(kept);
}

function binsOf(run, point, spectrum, ages) {
  const {edges, counts} = spectrum.density;
  return counts.map((one, place) => {
    const {value, stderr: error} = one;
    const [from, to] = [edges[place], edges[place + 1]];
    const beyond = place === 0 ? ', and all below' : place === counts.length - 1 ? ', and all above' : '';
    const key = `${run.id}:${point.step}:bin:${place}`;
    return {
      key, kind: 'bin', from, to, value, error, low: Math.max(FLOOR, one.low), high: one.high,
      label: `${plain(value)} eigenvalues from ${plain(from)} to ${plain(to)} nats`,
      tip: lines(`${run.label}, step ${count(point.step)}`,
        ['eigenvalues', estimate(one)],
        ['from', `${plain(from)} to ${plain(to)}${beyond}`],
        interval(one),
        ...asked(spectrum),
        ['of', `${count(spectrum.parameters)} in all, from at most ${plural(spectrum.density.steps, 'point')} per data set`],
        ['age', ages.of(key, [value, error])]),
    };
  }).filter((bin) => bin.value > FLOOR);
}

function eigenvaluesOf(run, point, spectrum, ages) {
  const one = (eigenvalue, name, place) => {
    const {value: {value, stderr}, interval, residual} = eigenvalue;
    const key = `${run.id}:${point.step}:eigenvalue:${place}`;
    return {
      key, kind: 'eigenvalue', name, value, error: stderr, low: interval.low, high: interval.high, residual,
      label: `${name}: ${plain(value)} nats`,
      tip: lines(`${run.label}, step ${count(point.step)}`,
        [name, estimate({value, stderr, ...interval})],
        [`${percent(interval.confidence)} interval`, ends({...interval, stderr})],
        ...asked(spectrum),
        ['residual', `at most ${plain(residual)}`],
        ['age', ages.of(key, [value, stderr])]),
    };
  };
  return [
    ...spectrum.top.map((eigenvalue, place) => one(eigenvalue, place === 0 ? 'largest eigenvalue' : `eigenvalue ${place + 1}`, place)),
    one(spectrum.lowest, 'smallest eigenvalue', 'lowest'),
  ];
}

/** The part of the axis in which something is, one empty bin to either side. */
function seenEdges({edges, counts}, eigenvalues) {
  const held = (value, place) => edges[place] <= value && value <= edges[place + 1];
  const full = counts.flatMap(({value}, place) => (value > FLOOR
    || eigenvalues.some((one) => held(one.low, place) || held(one.high, place)) ? [place] : []));
  if (full.length === 0) return edges;
  return edges.slice(Math.max(0, full[0] - 1), Math.min(edges.length, full.at(-1) + 3));
}

/** Draws the run that is chosen, or says that there is none. */
export function draw(study, choices, ages, choose) {
  const runs = runsWith(study);
  byId('spectrum').hidden = runs.length === 0;
  if (runs.length === 0) return;
  const run = runs.find((one) => one.id === choices.spectrum) ?? runs[0];
  list('control-spectrum', runs.map((one) => ({value: one.id, text: one.label})), run.id, (id) => choose({spectrum: id}));
  const point = newest(run);
  const spectrum = point.spectra[0];
  const eigenvalues = eigenvaluesOf(run, point, spectrum, ages);
  const bins = binsOf(run, point, spectrum, ages);
  drawFigure(byId('figure-spectrum'), {
    run, density: spectrum.density, bins, eigenvalues,
    title: `Spectrum of the Hessian, ${run.label}`,
    finding: {text: `Step ${count(point.step)}: largest eigenvalue ${estimate({...spectrum.top[0].value, ...spectrum.top[0].interval})} nats, trace ${estimate(spectrum.density.trace)} nats`},
    empty: '',
    name: `${study.id}-spectrum-${run.id}`,
    table: () => [
      ...bins.map((bin) => ({study: study.id, revision: study.revision.events, run: run.id, step: point.step, kind: 'count', from: bin.from, to: bin.to,
        value: bin.value, standard_error: bin.error})),
      ...eigenvalues.map((one) => ({study: study.id, revision: study.revision.events, run: run.id, step: point.step, kind: one.name, value: one.value,
        standard_error: one.error, low: one.low, high: one.high, residual: one.residual})),
    ],
  });
  setText(byId('spectrum-caption'), `Of ${count(spectrum.parameters)} eigenvalues of each of ${plural(spectrum.dataSets, 'data set')}' mean Hessian. `
    + 'The band is a 95 % interval. Diamonds: the largest eigenvalues and the smallest one, each with its interval and count one.');
}

/** Draws the axes, of which whole bins are seen, and what is in them. */
function drawFigure(figure, spec) {
  const {run, density, bins, eigenvalues} = spec;
  const {svg, width, height} = frame(figure, {...spec, redraw: () => drawFigure(figure, spec)});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const all = seenEdges(density, eigenvalues);
  know(figure, 'x', [all[0], all.at(-1)], false);
  const [from, to] = part(figure, 'x') ?? [all[0], all.at(-1)];
  const inside = all.filter((edge, place) => (all[place + 1] ?? edge) > from && (all[place - 1] ?? edge) < to);
  const edges = inside.length > 1 ? inside : all;
  const x = across(edges, [box.left, box.right]);
  const y = seen(figure, 'y', [d3.min([0.5, ...bins.map((bin) => bin.low)]), d3.max([2, ...bins.map((bin) => bin.high)])], [box.bottom, box.top], {log: true});
  axes(svg, {
    x, y, box, xTicks: powers(edges, x, 52), yTicks: ticks(y, 40),
    xFormat: plain, xLabel: 'eigenvalue, nats · flatter is nearer to zero', yLabel: 'eigenvalues per bin',
  });
  const held = bins.filter((bin) => bin.from >= edges[0] && bin.to <= edges.at(-1));
  drawDensity(svg, run, held, x, y);
  watch(figure, svg, {x, y, box});
  const middle = (one) => (one.kind === 'bin' ? one.from : one.value);
  drawPoints(svg, run, [...held, ...eigenvalues].filter((one) => within(figure, {x, y}, middle(one), one.kind === 'bin' ? one.value : 1)), x, y, box);
}

/** Steps from bin to bin, and the band about them; bins with nothing to draw part them. */
function drawDensity(svg, run, bins, x, y) {
  const stretches = [];
  for (const bin of bins) {
    if (stretches.at(-1)?.at(-1).to === bin.from) stretches.at(-1).push(bin);
    else stretches.push([bin]);
  }
  const corners = (stretch, valueOf) => stretch.flatMap((bin) => [[x(bin.from), y(valueOf(bin))], [x(bin.to), y(valueOf(bin))]]);
  const path = (all) => `M${all.map((corner) => corner.join(',')).join('L')}`;
  svg.select('.bands').selectAll('path').data(stretches).join('path').attr('class', 'density-band').style('fill', mark(run.place).colour)
    .attr('d', (stretch) => `${path([...corners(stretch, (bin) => bin.high), ...corners(stretch, (bin) => bin.low).reverse()])}Z`);
  svg.select('.lines').selectAll('path').data(stretches).join('path').attr('class', 'density').style('stroke', mark(run.place).colour)
    .attr('d', (stretch) => path(corners(stretch, (bin) => bin.value)));
}

function drawPoints(svg, run, points, x, y, box) {
  const layer = svg.select('.points');
  const groups = layer.selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('path').attr('class', 'error');
    made.append('rect').attr('class', 'reach');
    made.append('path').attr('class', 'shape');
    return made;
  });
  const middle = (point) => (point.kind === 'bin' ? (x(point.from) + x(point.to)) / 2 : x(point.value));
  groups.attr('class', (point) => `point ${point.kind}`)
    .attr('data-run', run.id).attr('data-kind', (point) => point.kind).attr('data-value', (point) => point.value)
    .attr('data-tip', (point) => point.tip).attr('aria-label', (point) => point.label)
    .attr('transform', (point) => `translate(${middle(point)},${point.kind === 'bin' ? y(point.value) : y(1)})`);
  groups.select('.reach')
    .attr('x', (point) => (point.kind === 'bin' ? -(x(point.to) - x(point.from)) / 2 : -8))
    .attr('width', (point) => (point.kind === 'bin' ? x(point.to) - x(point.from) : 16))
    .attr('y', (point) => (point.kind === 'bin' ? 0 : -8))
    .attr('height', (point) => (point.kind === 'bin' ? Math.max(1, box.bottom - y(point.value)) : 16));
  groups.select('.shape').style('fill', mark(run.place).colour)
    .attr('d', (point) => (point.kind === 'bin' ? null : d3.symbol(d3.symbolDiamond, 70)()));
  groups.select('.error').style('stroke', mark(run.place).colour)
    .attr('d', (point) => (point.kind === 'bin' ? null : `M${x(point.low) - middle(point)},0H${x(point.high) - middle(point)}`));
  groups.order();
  roving(layer.node(), 'g.point');
}
