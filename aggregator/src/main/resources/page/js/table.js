// The table of correlations. Each cell: the value, its interval as numbers and as a line from −1 to 1, n and p; or words.

import {absent, idOf, levelOf, rowOf as answered} from './answer.js';
import {byId, element, keyed, roving, setAttributes, setText} from './dom.js';
import {correlation, correlations, level, named, plural} from './format.js';
import {findingTip, noNumber} from './tell.js';
import {compared, covariate, measure, statistic} from './words.js';

const COLUMNS = ['flatness', 'loss', 'difference'];

/** What a row compares, in two lines. */
function said({comparison, level: at, conditionedOn}) {
  const {title: strong, more} = compared(comparison);
  const title = at === null ? strong.replace('more held', 'loss and covariates held')
    : strong.replace('At equal loss', `At ${level(at)} nats`).replace('Last checkpoints', `At ${level(at)} nats`);
  return [title, conditionedOn ? `${more}${conditionedOn.map(covariate).join(', ')}` : more];
}

const keyOf = ({comparison, level: at, conditionedOn}) => `${comparison}${at === null ? '' : `@${at}`}${conditionedOn ? `:${conditionedOn.join('+')}` : ''}`;

/** The rows in the order of the question: the registered claim's first, then at equal loss. */
export function rowsOf(study, choices) {
  const claimed = study.claim?.row;
  const first = claimed && claimed.task === choices.task && claimed.protocol === choices.protocol
    ? keyOf({comparison: claimed.comparison, level: claimed.level ?? null, conditionedOn: claimed.conditionedOn}) : null;
  const rows = allRows(study);
  return first ? [...rows.filter((row) => keyOf(row) === first), ...rows.filter((row) => keyOf(row) !== first)] : rows;
}

function allRows(study) {
  // Where runs were trained against a task the table has rows with them too.
  const withAdversaries = (comparison) => (study.comparisons.has(comparison) ? [comparison] : []);
  const at = ['matched', 'matched-within-rate', 'matched-within-size', ...withAdversaries('matched-with-adversaries')];
  const heldAt = (target) => study.conditionedOn.filter((row) => row.level === target);
  return [
    ...study.levels.flatMap((target) => [...at.map((comparison) => ({comparison, level: target})), ...heldAt(target)]),
    {comparison: 'partial-given-loss', level: null}, ...heldAt(null),
    ...['raw', 'all-checkpoints', ...withAdversaries('raw-with-adversaries')].map((comparison) => ({comparison, level: null})),
  ];
}

function makeRow() {
  const made = element('tr', {role: 'row'}, element('th', {scope: 'row', role: 'rowheader'}, element('strong'), element('span')));
  for (const column of COLUMNS) {
    made.append(element('td', {role: 'cell', 'data-column': column},
      element('span', {class: 'cell'},
        element('span', {class: 'value'}), element('span', {class: 'interval'}),
        element('span', {class: 'reach-line', 'aria-hidden': 'true'}, element('i'), element('b')),
        element('span', {class: 'under'}), element('span', {class: 'words'}))));
  }
  return made;
}

function fill(cell, row, heading, context) {
  const {study, ages} = context;
  const inner = cell.firstChild;
  const part = (name) => inner.querySelector(`.${name}`);
  const finding = row?.finding;
  const reported = finding?.status === 'estimate';
  cell.dataset.heading = heading;
  setAttributes(cell, {
    'data-key': row?.key, 'data-status': finding?.status ?? 'absent', 'data-statistic': row?.statistic,
    'data-value': reported ? finding.value : null,
    'data-low': reported ? finding.interval?.low : null, 'data-high': reported ? finding.interval?.high : null,
    'data-p': reported ? finding.p : null, 'data-runs': finding?.runs, 'data-declared': finding?.declared,
    'data-provisional': finding?.provisional, 'data-registration': row?.registration, 'data-follows': row?.follows ? 'yes' : null,
  });
  // The difference has a heading of its own, which names its statistic.
  const named = row?.measure === 'difference' || row?.statistic === context.statistic;
  setText(part('value'), reported ? `${named ? '' : `${statistic(row.statistic).symbol} `}${correlation(finding.value)}` : '');
  setText(part('interval'), reported && finding.interval ? `${row.follows ? 'earlier: ' : ''}${correlations(finding.interval)}` : '');
  setText(part('under'), reported ? under(finding) : '');
  part('under').classList.toggle('provisional', Boolean(reported && finding.provisional));
  // Why a number is missing is told in full by the tip; seven times the same sentence would hide the numbers.
  setText(part('words'), reported ? '' : finding ? words(finding) : context.absent === 'Nothing yet.' ? context.absent : '–');
  drawLine(part('reach-line'), reported ? finding : null, row?.measure === 'difference' ? 2 : 1);
  inner.dataset.tip = row ? findingTip(`${context.title}: ${heading}`, row, study, ages.of(`row:${row.key}`, finding.value))
    : `${context.title}: ${heading}\n${context.absent}`;
}

function under(finding) {
  const n = `${finding.runs} of ${plural(finding.declared, 'run')}`;
  if (finding.provisional) return `${n}, provisional`;
  return typeof finding.p === 'number' ? `${n} · ${named('p', finding.p)}` : n;
}

function words(finding) {
  const said = noNumber(finding);
  return `${said[0].toUpperCase()}${said.slice(1)}: ${finding.runs} of ${plural(finding.declared, 'run')}.`;
}

function drawLine(line, finding, reach) {
  line.hidden = !finding;
  if (!finding) return;
  const at = (value) => `${(100 * (Math.max(-reach, Math.min(reach, value)) + reach)) / (2 * reach)}%`;
  const [bar, dot] = line.children;
  dot.style.left = at(finding.value);
  bar.hidden = !finding.interval;
  if (finding.interval) {
    bar.style.left = at(finding.interval.low);
    bar.style.right = `calc(100% - ${at(finding.interval.high)})`;
  }
}

/** A click on a row, or Enter in it, puts its comparison into headline and figures. */
function watch(table, choose) {
  const take = (target) => {
    const row = target.closest('tbody tr');
    if (!row) return;
    const points = row.dataset.row === 'all-checkpoints' ? 'all' : row.dataset.level ?? 'last';
    choose({points, comparison: row.dataset.comparison});
  };
  table.addEventListener('click', (event) => take(event.target));
  table.addEventListener('keydown', (event) => event.key === 'Enter' && take(event.target));
}

/** Draws the table for the chosen measure, task, protocol and statistic. */
export function draw(study, choices, ages, choose) {
  const table = byId('correlations');
  if (!table.dataset.points) watch(table, choose);
  setAttributes(table, {
    'data-revision': study.revision.events, 'data-digest': study.revision.digest, 'data-intervals': study.intervals, role: 'table',
    'data-points': choices.points, 'data-measure': choices.measure, 'data-task': choices.task, 'data-protocol': choices.protocol, 'data-statistic': choices.statistic,
  });
  setText(byId('column-flatness'), `Flatness (${measure(choices.measure).symbol})`);
  const difference = study.rowList.find((row) => row.measure === 'difference');
  const ofDifference = difference ? `Difference of ${statistic(difference.statistic).symbol}` : 'Difference';
  setText(byId('column-difference'), `${ofDifference} (${measure(study.measures[0]).symbol} minus loss)`);
  setText(byId('table-caption'),
    `Accuracy above the untrained network${choices.task ? ` on task ${choices.task} by ${choices.protocol}` : ''}. Positive: flatter models, or models with lower loss, have higher accuracy. `
    + `${statistic(choices.statistic).name}’s ${statistic(choices.statistic).symbol} unless a cell says otherwise; lines reach from −1 to 1, `
    + `those of the difference${difference ? `, of ${statistic(difference.statistic).name}’s ${statistic(difference.statistic).symbol},` : ''} from −2 to 2. A dash: not computed. Marked: the row of the headline; a click on another puts that into headline and figures.`);
  const headings = [`Flatness (${measure(choices.measure).name})`, 'Loss', ofDifference];
  const answer = answered(study, choices, choices.about);
  keyed(table.tBodies[0], rowsOf(study, choices), keyOf, makeRow, (tr, row) => {
    const [title, more] = said(row);
    tr.dataset.row = row.comparison;
    tr.dataset.comparison = idOf(row);
    setAttributes(tr, {'data-level': row.level, 'data-held': row.conditionedOn?.join(' '), 'data-chosen': row.level === levelOf(choices.points) && idOf(row) === choices.comparison ? 'yes' : 'no'});
    setText(tr.querySelector('strong'), title);
    COLUMNS.forEach((column, place) => {
      const wanted = {comparison: row.comparison, level: row.level, conditionedOn: row.conditionedOn, measure: column === 'flatness' ? choices.measure : column,
        statistic: choices.statistic};
      fill(tr.cells[place + 1], study.row(wanted, choices), headings[place], {study, ages, title, statistic: choices.statistic, absent: absent(row, column, study)});
      tr.cells[place + 1].dataset.answer = answer && tr.cells[place + 1].dataset.key === answer.key ? 'yes' : 'no';
    });
    const registered = [...tr.cells].some((cell) => cell.dataset.registration === 'registered');
    setText(tr.querySelector('th span'), `${more} · ${registered ? 'the framed cell is the registered claim' : 'exploratory'}`);
  });
  roving(table, '.cell');
}
