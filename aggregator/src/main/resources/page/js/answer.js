// The one comparison that headline, captions and table mark: which comparisons there are at the chosen points, and the row of the chosen one.

import {covariate} from './words.js';

const ORDER = ['matched', 'raw', 'matched-within-size', 'matched-within-rate', 'matched-within', 'partial-given-loss', 'partial-given',
  'matched-with-adversaries', 'raw-with-adversaries', 'all-checkpoints'];

const held = (names) => names.map((name) => (name === 'size' ? 'size' : covariate(name))).join(' and ');

const NAMES = {
  'matched': () => 'all runs',
  'raw': () => 'all runs',
  'matched-within-size': () => 'within a size',
  'matched-within-rate': () => 'within a rate',
  'matched-within': (names) => `within one ${held(names)}`,
  'partial-given-loss': () => 'loss held',
  'partial-given': (names) => `${held(names)} held`,
  'matched-with-adversaries': () => 'with adversaries',
  'raw-with-adversaries': () => 'with adversaries',
  'all-checkpoints': () => 'all checkpoints',
};

/** A comparison as one word, for controls and the address. */
export const idOf = ({comparison, conditionedOn}) => `${comparison}${conditionedOn?.length ? `:${conditionedOn.join('+')}` : ''}`;

/** A comparison's short name. */
export const nameOf = ({comparison, conditionedOn}) => NAMES[comparison](conditionedOn ?? []);

/** The loss at which runs are compared, or null. */
export const levelOf = (points) => (points === 'last' || points === 'all' ? null : Number(points));

const found = new WeakMap();

/** The comparisons that the study has at the chosen points: {id, name, comparison, conditionedOn}. */
export function comparisonsAt(study, points) {
  if (!found.has(study.rowList)) found.set(study.rowList, new Map());
  const known = found.get(study.rowList);
  if (!known.has(points)) known.set(points, comparisonsOf(study, points));
  return known.get(points);
}

function comparisonsOf(study, points) {
  const level = levelOf(points);
  const different = new Map(study.rowList
    .filter((row) => row.level === level && (row.comparison === 'all-checkpoints') === (points === 'all'))
    .map(({comparison, conditionedOn}) => [idOf({comparison, conditionedOn}), {id: idOf({comparison, conditionedOn}),
      name: nameOf({comparison, conditionedOn}), comparison, conditionedOn}]));
  return [...different.values()].toSorted((a, b) => ORDER.indexOf(a.comparison) - ORDER.indexOf(b.comparison));
}

/** The row of the chosen comparison for a measure, `loss` or `difference`; none where that is not computed. */
export function rowOf(study, choices, measure) {
  const wanted = comparisonsAt(study, choices.points);
  const chosen = wanted.find((one) => one.id === choices.comparison) ?? wanted[0];
  return chosen && study.row({...chosen, level: levelOf(choices.points), measure, statistic: choices.statistic}, choices);
}

/** Why a comparison has no row for a measure. */
export function absent({comparison, conditionedOn}, column, study) {
  if (column !== 'flatness' && (comparison === 'partial-given-loss' || (column === 'loss' && conditionedOn?.includes('loss')))) {
    return 'Not applicable: the row controls for the loss.';
  }
  if (column === 'difference' && comparison !== 'matched' && comparison !== 'raw') return 'Not computed for this comparison.';
  return study.ended ? 'Not asked by this study.' : 'Nothing yet.';
}
