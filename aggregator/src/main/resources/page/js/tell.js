// The facts behind a number, for its tip.

import {correlation, correlations, count, estimate, interval as ends, level, named, percent, plain, plural, probability, setting} from './format.js';
import {lines} from './tip.js';
import {measure, statistic} from './words.js';

const share = (value) => value.toFixed(3);

/** The estimator of a flatness and how it was asked. */
export const estimator = (flat) => [
  flat.estimator,
  flat.estimatorVersion ? `version ${flat.estimatorVersion}` : '',
  flat.platform,
  flat.parameters ? `${count(flat.parameters)} parameters` : '',
].filter(Boolean).join(', ');

/** What is known of a measured trace. */
export function flatnessFacts(flat) {
  return [
    [measure(flat.quantity).symbol, estimate({...flat, ...flat.interval})],
    ['unit', flat.unit],
    flat.interval && [`${percent(flat.interval.confidence)} interval`, ends({...flat, ...flat.interval})],
    ['n', `${plural(flat.pairs, 'pair')} of batch and probe`],
    ['seed', flat.estimatorSeed],
    ['estimator', estimator(flat)],
    flat.gradients && ['cost', `${count(Math.round(flat.gradients))} gradients of one example`],
    flat.radius && ['radius', plain(flat.radius)],
    flat.effectiveRank && ['effective rank', plain(flat.effectiveRank)],
  ];
}

/** The interval of a measured number, and its standard error. */
export const interval = (one) => (one.stderr > 0 ? ['95 % interval', `${ends(one)}, standard error ${plain(one.stderr)}`] : null);

/** What is known of a measured accuracy. */
export function accuracyFacts(down) {
  return [
    ['above untrained', estimate(down.aboveUntrained)],
    interval(down.aboveUntrained),
    ['accuracy', estimate(down.accuracy)],
    ['untrained', estimate(down.untrained)],
    ['reference', `most frequent label ${share(down.majorityBaseline)}, best ${down.bayesAccuracy ? share(down.bayesAccuracy.value) : 'unknown'}`],
    ['unit', 'share of test sentences'],
    ['n', `${count(down.repetitions)} × ${count(down.labels)} labels, ${count(down.test)} tests`],
    ['seed', down.protocolSeed],
    ['estimator', `${down.protocol}, mean of ${plural(down.repetitions, 'repetition')}`],
  ];
}

/** What is known of a loss, called as the study calls it. */
export const lossFacts = (named, loss, sentences, seed) => [
  [named.quantity, estimate(loss)],
  interval(loss),
  ['unit', 'nats per predicted token'],
  ['n', plural(sentences, 'validation sentence')],
  ['seed', seed],
  ['estimator', named.estimator],
];

const NO_NUMBER = {'not-yet': 'not yet', 'not-identifiable': 'not identifiable', 'not-measured': 'not measured', 'not-applicable': 'not applicable'};

/** Why there is no number, in two or three words; the note says more. */
export const noNumber = (finding) => (finding.status === 'too-few-runs' ? `needs ≥ ${finding.needed} runs` : NO_NUMBER[finding.status]);

/** A correlation in one line. */
export function findingText(row, confidence) {
  const finding = row.finding;
  if (finding.status !== 'estimate') return `${noNumber(finding)}: ${finding.runs} of ${plural(finding.declared, 'run')}`;
  const parts = [`${statistic(row.statistic).symbol} = ${correlation(finding.value)}`];
  if (finding.interval) {
    parts.push(`${row.follows ? 'earlier ' : ''}${percent(finding.interval.confidence ?? confidence)} interval ${correlations(finding.interval)}`);
  }
  parts.push(`${finding.runs} of ${finding.declared} runs`);
  if (typeof finding.p === 'number') parts.push(named('p', finding.p));
  if (finding.provisional) parts.push('provisional');
  return parts.join(', ');
}

/** All that stands behind a correlation. */
export function findingTip(title, row, study, age) {
  const finding = row.finding;
  return lines(
    title,
    finding.status === 'estimate' && [statistic(row.statistic).name, plain(finding.value)],
    finding.interval && [`${row.follows ? 'earlier ' : ''}${percent(finding.interval.confidence)} interval`, correlations(finding.interval)],
    ['n', `${finding.runs} of ${plural(finding.declared, 'run')}`],
    ['p', typeof finding.p === 'number' ? probability(finding.p) : finding.provisional ? 'when all runs have ended' : row.follows ? 'follows' : ''],
    ['estimator', finding.method],
    ['unit', row.measure === 'difference' ? 'none (−2 to 2)' : 'none (−1 to 1)'],
    ['level', row.level ? `${level(row.level)} nats ${study.loss.quantity}` : ''],
    ['seed', study.seed],
    ['registration', row.registration === 'registered' ? 'the registered claim' : 'exploratory'],
    ['age', age],
    finding.note,
  );
}

/** A run's place in the grid. */
export const runFacts = (run) => [
  ['run', `${run.size}, rate ${setting(run.learningRate)}, seed ${run.seed}`],
];
