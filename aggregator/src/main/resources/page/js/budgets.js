// What more labels do: accuracy of every run, and the correlation at equal loss, against the number of labels.

import {byId, roving, setAttributes, setText} from './dom.js';
import {extent} from './curves.js';
import {rowOf} from './answer.js';
import {chosenCheckpoints} from './figures.js';
import {correlation, count, plain} from './format.js';
import {axes, frame, ticks} from './frame.js';
import {mark, outline} from './marks.js';
import {accuracyFacts, findingTip, runFacts} from './tell.js';
import {classOf} from './selection.js';
import {give, lines} from './tip.js';
import {measure} from './words.js';
import {seen, watch, within} from './zoom.js';

const MARGIN = {left: 50, right: 16, top: 34, bottom: 46};

/** The numbers of labels of the chosen protocol; where it has but one, those of the first protocol that has several. */
const budgetOf = (study, choices) => study.budgets.find((one) => one.points.some((point) => point.protocol === choices.protocol)) ?? study.budgets[0];

/** series: {key, place, run, points: [{key, x, value, low, high, tip, label}]} */
function chart(figure, spec) {
  const {series, yLabel, otherwise} = spec;
  const {svg, width, height} = frame(figure, {...spec, y: {label: yLabel}, redraw: () => chart(figure, spec)});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const all = series.flatMap((one) => one.points.map((point) => ({...point, place: one.place, run: one.run})));
  const x = seen(figure, 'x', extent(all.map((point) => point.x), [10, 1000]), [box.left, box.right], {log: true, always: true});
  const y = seen(figure, 'y', extent(all.flatMap((point) => [point.value, point.low, point.high]), otherwise), [box.bottom, box.top]);
  const [least, most] = d3.extent(x.domain());
  const budgets = d3.sort(new Set(all.map((point) => point.x))).filter((labels) => labels >= least && labels <= most);
  axes(svg, {x, y, box, xTicks: budgets, yTicks: ticks(y, 40), xFormat: count, xLabel: 'labelled examples', yLabel});
  watch(figure, svg, {x, y, box});
  const path = d3.line((point) => x(point.x), (point) => y(point.value));
  svg.select('.lines').selectAll('path.trail').data(series, (one) => one.key).join('path').attr('class', (one) => `trail ${one.run ? classOf(one.run) : ''}`)
    .attr('data-run', (one) => one.run).style('stroke', (one) => mark(one.place).colour).attr('d', (one) => path(one.points));
  const points = all.filter((point) => within(figure, {x, y}, point.x, point.value));
  const groups = svg.select('.points').selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('path').attr('class', 'error');
    made.append('circle').attr('class', 'reach').attr('r', 9);
    made.append('path').attr('class', 'shape');
    return made;
  });
  groups.attr('class', (point) => `point strong ${point.run ? classOf(point.run) : ''}`).attr('transform', (point) => `translate(${x(point.x)},${y(point.value)})`)
    .each(function describe(point) {
      setAttributes(this, {'data-run': point.run, 'data-labels': point.x, 'data-value': point.value, 'aria-label': point.label});
      give(this, point.tip);
    });
  groups.select('.error').style('stroke', (point) => mark(point.place).colour)
    .attr('d', (point) => `M0,${y(point.low) - y(point.value)}V${y(point.high) - y(point.value)}`);
  groups.select('.shape').style('fill', (point) => mark(point.place).colour).attr('d', (point) => outline(point.place, 46));
  groups.order();
  roving(svg.select('.points').node(), 'g.point');
}

function accuracies(budget, study, choices, ages) {
  return chosenCheckpoints(study, {...choices, points: choices.points === 'all' ? 'last' : choices.points}).map(({run, point}) => ({
    key: run.id, run: run.id, place: run.place,
    points: budget.points.flatMap(({protocol, labels}) => {
      const down = point.downstream.get(`${choices.task}/${protocol}`);
      if (!down) return [];
      const {value, low, high} = down.accuracy;
      const key = `${run.id}:${point.step}:${protocol}`;
      return [{key, x: labels, value, low, high, down, step: point.step, label: `${run.label}, ${labels} labels: ${plain(value)}`,
        tip: lines(`${run.label}, step ${count(point.step)}, ${count(labels)} labels`, ...accuracyFacts(down), ...runFacts(run), ['age', ages.of(`budget:${key}`, value)])}];
    }),
  })).filter((one) => one.points.length > 0);
}

function correlations(budget, study, choices, ages) {
  const points = choices.points === 'all' ? 'last' : choices.points;
  return [choices.measure, 'loss'].map((id, place) => ({
    key: id, place,
    points: budget.points.flatMap(({protocol, labels}) => {
      const row = rowOf(study, {...choices, points, protocol}, id);
      if (row?.finding.status !== 'estimate') return [];
      const {value, interval} = row.finding;
      const title = `${id === 'loss' ? 'Loss' : measure(id).name}, ${count(labels)} labels`;
      return [{key: `${id}:${protocol}`, x: labels, value, low: interval?.low ?? value, high: interval?.high ?? value, label: `${title}: ${correlation(value)}`,
        tip: findingTip(title, row, study, ages.of(`row:${row.key}`, value))}];
    }),
  })).filter((one) => one.points.length > 0);
}

/** Draws both figures, or nothing where no protocol has several numbers of labels. */
export function draw(study, choices, ages) {
  const budget = budgetOf(study, choices);
  byId('budgets').hidden = !budget;
  if (!budget) return;
  const accuracy = accuracies(budget, study, choices, ages);
  const reported = correlations(budget, study, choices, ages);
  const base = {study: study.id, revision: study.revision.events, task: choices.task, protocol: budget.name};
  setText(byId('budgets-caption'), `Task ${choices.task} by ${budget.name}. Bars are 95 % intervals: of accuracies over repetitions, of correlations over runs; `
    + `circles: ${measure(choices.measure).symbol}, squares: loss. Exploratory.`);
  chart(byId('figure-budget-accuracy'), {
    title: 'Accuracy by labels', finding: {text: `${accuracy.length} runs`}, empty: accuracy.length > 0 ? '' : 'Nothing yet.', name: `${study.id}-budget-accuracy`,
    series: accuracy, yLabel: '↑ better · accuracy', otherwise: [0, 1],
    table: () => accuracy.flatMap((one) => one.points.map((point) => ({...base, run: one.run, step: point.step, labels: point.x, accuracy: point.value,
      accuracy_stderr: point.down.accuracy.stderr, repetitions: point.down.repetitions, protocol_seed: point.down.protocolSeed}))),
  });
  chart(byId('figure-budget-correlation'), {
    title: 'Correlation by labels', finding: {text: ''}, empty: reported.length > 0 ? '' : 'Nothing yet.', name: `${study.id}-budget-correlation`,
    series: reported, yLabel: 'correlation with accuracy above untrained', otherwise: [-1, 1],
    table: () => reported.flatMap((one) => one.points.map((point) => ({...base, measure: one.key, labels: point.x, value: point.value, low: point.low, high: point.high}))),
  });
}
