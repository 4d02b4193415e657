// What more labels do: accuracy of every run, and the correlation at equal loss, against the number of labels.

import {byId, roving, setText} from './dom.js';
import {extent} from './curves.js';
import {rowOf} from './answer.js';
import {chosenCheckpoints} from './figures.js';
import {correlation, count, plain} from './format.js';
import {axes, frame, scale, ticks} from './frame.js';
import {mark, outline} from './marks.js';
import {accuracyFacts, findingTip, runFacts} from './tell.js';
import {lines, part} from './tip.js';
import {measure} from './words.js';

const MARGIN = {left: 50, right: 16, top: 34, bottom: 46};

/** The numbers of labels of the chosen protocol; where it has but one, those of the first protocol that has several. */
const budgetOf = (study, choices) => study.budgets.find((one) => one.points.some((point) => point.protocol === choices.protocol)) ?? study.budgets[0];

/** series: {key, place, run, points: [{key, x, value, low, high, tip, label}]} */
function chart(figure, {title, finding, empty, name, table, series, yLabel, otherwise}) {
  const {svg, width, height} = frame(figure, {title, finding, empty, name, table});
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const points = series.flatMap((one) => one.points.map((point) => ({...point, place: one.place, run: one.run})));
  const budgets = [...new Set(points.map((point) => point.x))];
  const x = d3.scaleLog(extent(points.map((point) => point.x), [10, 1000]).map((end, place) => end * (place ? 1.2 : 1 / 1.2)), [box.left, box.right]);
  const y = scale(extent(points.flatMap((point) => [point.value, point.low, point.high]), otherwise), [box.bottom, box.top]);
  axes(svg, {x, y, box, xTicks: d3.sort(budgets), yTicks: ticks(y, 40), xFormat: count, xLabel: 'labelled examples, logarithmic', yLabel});
  const path = d3.line((point) => x(point.x), (point) => y(point.value));
  svg.select('.lines').selectAll('path.trail').data(series, (one) => one.key).join('path').attr('class', 'trail')
    .attr('data-run', (one) => one.run).style('stroke', (one) => mark(one.place).colour).attr('d', (one) => path(one.points));
  const groups = svg.select('.points').selectAll('g.point').data(points, (point) => point.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('path').attr('class', 'error');
    made.append('circle').attr('class', 'reach').attr('r', 9);
    made.append('path').attr('class', 'shape');
    return made;
  });
  groups.attr('class', 'point strong').attr('data-run', (point) => point.run).attr('data-labels', (point) => point.x).attr('data-value', (point) => point.value)
    .attr('data-tip', (point) => point.tip).attr('aria-label', (point) => point.label)
    .attr('transform', (point) => `translate(${x(point.x)},${y(point.value)})`);
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
        tip: lines(`${run.label}, step ${count(point.step)}, ${count(labels)} labels`, ...accuracyFacts(down), part('Run'), ...runFacts(run), ['age', ages.of(`budget:${key}`, value)])}];
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
