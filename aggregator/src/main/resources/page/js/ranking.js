// Every measure beside every other at one level of loss: each with its interval, and the differences of all pairs.

import {byId, element, keyed, roving, setAttributes, setText} from './dom.js';
import {correlation, correlations, level, percent, plural, probability} from './format.js';
import {axes, frame, scale, ticks} from './frame.js';
import {noNumber} from './tell.js';
import {lines} from './tip.js';
import {measure} from './words.js';

const MARGIN = {left: 150, right: 16, top: 18, bottom: 44};
const name = (id) => (id === 'loss' ? 'loss' : measure(id).name);
const strata = (ranking) => (ranking.within.length > 0 ? `within one ${ranking.within.join(' and ')}` : 'all runs compared');

/** The ranking of the chosen task, protocol and level; where no level is chosen, of the level that the headline speaks of, or the first. */
function rankingOf(study, choices) {
  const own = study.rankings.filter((one) => one.task === choices.task && one.protocol === choices.protocol);
  return own.find((one) => one.level === Number(choices.points)) ?? own.find((one) => one.level === study.primary.level) ?? own[0];
}

function entries(ranking, study, ages) {
  return ranking.ranked.map(({measure: id, finding}) => {
    const reported = finding.status === 'estimate';
    const key = `${ranking.task}:${ranking.protocol}:${ranking.level}:${id}`;
    return {
      key, id, reported, best: ranking.best === id, value: reported ? finding.value : 0,
      low: reported ? finding.interval?.low ?? finding.value : 0, high: reported ? finding.interval?.high ?? finding.value : 0,
      label: reported ? `${name(id)}: τ = ${correlation(finding.value)}` : `${name(id)}: ${noNumber(finding)}`,
      tip: lines(`${name(id)}${ranking.best === id ? ', predicts best' : ''}`,
        reported && ['Kendall', correlation(finding.value)],
        reported && finding.interval && [`${percent(finding.interval.confidence)} interval`, correlations(finding.interval)],
        ['n', `${ranking.runs} of ${plural(ranking.declared, 'run')}, ${strata(ranking)}`],
        ['estimator', finding.method],
        ['unit', 'none (−1 to 1)'],
        ['level', `${level(ranking.level)} nats ${study.loss.quantity}`],
        ['seed', study.seed],
        ['registration', 'exploratory'],
        ['age', ages.of(`ranking:${key}`, finding.value)],
        finding.note),
    };
  });
}

/** Draws the ranking, or nothing where the study compares no runs at equal loss. */
export function draw(study, choices, ages) {
  const ranking = rankingOf(study, choices);
  byId('ranking').hidden = !ranking;
  if (!ranking) return;
  setText(byId('ranking-sentence'), ranking.sentence);
  const drawn = entries(ranking, study, ages);
  const known = drawn.filter((one) => one.reported);
  const {svg, width, height} = frame(byId('figure-ranking'), {
    title: `At ${level(ranking.level)} nats, ${strata(ranking)}`,
    finding: {text: `${ranking.runs} of ${plural(ranking.declared, 'run')}${ranking.provisional ? ', provisional' : ''}`},
    empty: known.length > 0 ? '' : `${study.ended ? 'None' : 'Nothing yet'}: too few runs have reached this loss.`,
    name: `${study.id}-ranking-${ranking.task}-${ranking.protocol}-${ranking.level}`,
    table: () => ranking.ranked.map(({measure: id, finding}) => ({study: study.id, revision: study.revision.events, task: ranking.task, protocol: ranking.protocol,
      level: ranking.level, within: ranking.within.join(' '), measure: id, tau: finding.value, low: finding.interval?.low, high: finding.interval?.high, runs: ranking.runs})),
  });
  const box = {left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom};
  const x = scale([-1, 1], [box.left, box.right], {pad: 0});
  const y = d3.scalePoint(drawn.map((one) => one.key), [box.top, box.bottom]).padding(0.5);
  axes(svg, {x, y: d3.scaleLinear([0, 1], [box.bottom, box.top]), box, xTicks: ticks(x, 60), yTicks: [], xLabel: 'Kendall’s τ with accuracy · better predictor →', yLabel: ''});
  svg.select('.lines').selectAll('line.level').data([0]).join('line').attr('class', 'level')
    .attr('x1', x(0)).attr('x2', x(0)).attr('y1', box.top).attr('y2', box.bottom);
  svg.select('.legend').selectAll('text').data(drawn, (one) => one.key).join('text')
    .attr('x', box.left - 10).attr('text-anchor', 'end').attr('dy', '.34em').attr('y', (one) => y(one.key)).text((one) => `${one.best ? '★ ' : ''}${name(one.id)}`);
  const groups = svg.select('.points').selectAll('g.point').data(known, (one) => one.key).join((entering) => {
    const made = entering.append('g').attr('role', 'img');
    made.append('path').attr('class', 'error');
    made.append('circle').attr('class', 'reach').attr('r', 10);
    made.append('path').attr('class', 'shape');
    return made;
  });
  const colour = (one) => (one.id === 'loss' ? 'var(--warn)' : 'var(--accent)');
  groups.attr('class', 'point strong').attr('data-measure', (one) => one.id).attr('data-value', (one) => one.value)
    .attr('data-low', (one) => one.low).attr('data-high', (one) => one.high)
    .attr('data-tip', (one) => one.tip).attr('aria-label', (one) => one.label)
    .attr('transform', (one) => `translate(${x(one.value)},${y(one.key)})`);
  groups.select('.error').style('stroke', colour).attr('d', (one) => `M${x(one.low) - x(one.value)},0H${x(one.high) - x(one.value)}`);
  groups.select('.shape').style('fill', colour)
    .attr('d', (one) => d3.symbol(one.id === 'loss' ? d3.symbolSquare : d3.symbolCircle, 64)());
  groups.order();
  roving(svg.select('.points').node(), 'g.point');
  differences(ranking, study);
}

function makeRow() {
  return element('tr', {}, element('th', {scope: 'row'}, element('strong')),
    ...['Value', 'Interval', 'p', 'q'].map((heading) => element('td', {'data-heading': heading}, element('span'))));
}

/** All pairs, reported or not: a row is there from the start, so that nothing moves once it has a number. */
function pairsOf(ranking) {
  const ids = ranking.ranked.map((one) => one.measure);
  return ids.flatMap((id, place) => ids.slice(place + 1).map((other) => ranking.differences.find((one) => one.measure === id && one.other === other)
    ?? {measure: id, other}));
}

function differences(ranking, study) {
  const table = byId('ranking-differences');
  const pairs = pairsOf(ranking);
  table.hidden = pairs.length === 0;
  setText(byId('ranking-caption'), `Exploratory. The intervals hold simultaneously; p is adjusted for all pairs of this ranking, q for all rankings of the study.${ranking.note ? ` ${ranking.note}` : ''}`);
  keyed(table.tBodies[0], pairs, (one) => [one.measure, one.other].sort().join(' '), makeRow, (tr, one) => {
    setText(tr.querySelector('strong'), `${name(one.measure)} less ${name(one.other)}`);
    const reported = typeof one.value === 'number';
    const [, value, interval, p, q] = tr.cells;
    setText(value.firstChild, reported ? correlation(one.value) : ranking.provisional && !study.ended ? 'not yet' : 'none');
    setText(interval.firstChild, one.interval ? correlations(one.interval) : reported ? 'they rank the runs equally' : '');
    setText(p.firstChild, typeof one.p === 'number' ? probability(one.p) : '');
    setText(q.firstChild, typeof one.q === 'number' ? probability(one.q) : '');
    setAttributes(tr, {'data-value': reported ? one.value : null, 'data-distinguishable': one.interval && one.interval.low > 0 ? 'yes' : 'no'});
  });
}
