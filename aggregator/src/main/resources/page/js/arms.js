// Arms of a study beside the one of reference: mean differences within pairs, with intervals as numbers and as lines about zero.

import {byId, element, keyed, roving, setAttributes, setText} from './dom.js';
import {count, difference, differences, level, named, percent, plain, plural, probability} from './format.js';
import {lines} from './tip.js';
import {measure} from './words.js';

const COLUMNS = ['trace', 'accuracy', 'loss', 'steps', 'gradients'];

/** Where arms are compared: where they branched off, if they did, and what is chosen for the figures. */
function placesOf(study, {points}) {
  const chosen = points === 'last' || points === 'all' ? {at: 'last', level: null} : {at: 'matched', level: Number(points)};
  return [...(study.arms.some((row) => row.at === 'branch') ? [{at: 'branch', level: null}] : []), chosen];
}

const WORDS = {
  last: () => ['last checkpoints', 'whatever their loss'],
  matched: (at) => [`at equal loss, ${level(at)} nats`, 'first checkpoint there'],
  branch: () => ['at equal loss', 'a band below the checkpoint both start from'],
};

function rowsOf(study, choices) {
  const arms = [...new Set(study.arms.map((row) => row.arm))];
  return arms.flatMap((arm) => placesOf(study, choices).map((place) => ({arm, ...place})));
}

function found(study, row, column, {measure: trace, task, protocol}) {
  const wanted = column === 'trace' ? trace : column;
  return study.arms.find((one) => one.arm === row.arm && one.at === row.at && (one.level ?? null) === row.level && one.measure === wanted
    && (column !== 'accuracy' || (one.task === task && one.protocol === protocol)));
}

function make() {
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

function fill(cell, one, heading, reach, {study, ages, row}) {
  const inner = cell.firstChild;
  const part = (name) => inner.querySelector(`.${name}`);
  const reported = typeof one?.value === 'number';
  cell.dataset.heading = heading;
  setAttributes(cell, {
    'data-status': reported ? 'estimate' : 'not-yet', 'data-value': reported ? one.value : null, 'data-low': reported ? one.interval?.low : null,
    'data-high': reported ? one.interval?.high : null, 'data-p': reported ? one.p : null, 'data-pairs': one?.pairs,
  });
  const error = reported ? one.stderr ?? 0 : 0;
  setText(part('value'), reported ? difference(one.value, error) : '');
  setText(part('interval'), reported && one.interval ? differences(one.interval, error) : '');
  setText(part('under'), reported ? `${one.pairs} of ${plural(one.possible, 'pair')}${one.pairs === 1 ? ', measurement errors alone' : ''}${
    one.provisional ? ', provisional' : typeof one.p === 'number' ? ` · ${named('p', one.p)}` : ''}` : '');
  part('under').classList.toggle('provisional', Boolean(reported && one.provisional));
  setText(part('words'), reported ? '' : one ? `None of ${plural(one.possible, 'pair')}${one.provisional && !study.ended ? ' yet' : ''}.` : 'Not measured.');
  drawLine(part('reach-line'), reported ? one : null, reach);
  const key = `arm:${row.arm}:${row.at}:${row.level}:${heading}`;
  inner.dataset.tip = one ? lines(`${row.arm} less ${one.reference}`,
    [heading, reported ? plain(one.value) : 'none'],
    reported && ['standard error', plain(one.stderr)],
    reported && one.interval && [`${percent(one.interval.confidence)} interval`, differences(one.interval, error)],
    ['n', `${one.pairs} of ${plural(one.possible, 'pair')}`],
    ['p', typeof one.p === 'number' ? probability(one.p) : ''],
    ['unit', one.unit], ['estimator', one.method], ['seed', study.seed], ['age', reported ? ages.of(key, one.value) : ''], one.note)
    : `${row.arm}: ${heading}\nNot measured.`;
}

function drawLine(line, one, reach) {
  line.hidden = !one || !(reach > 0);
  if (line.hidden) return;
  const at = (value) => `${(100 * (Math.max(-reach, Math.min(reach, value)) + reach)) / (2 * reach)}%`;
  const [bar, dot] = line.children;
  dot.style.left = at(one.value);
  bar.hidden = !one.interval;
  if (one.interval) {
    bar.style.left = at(one.interval.low);
    bar.style.right = `calc(100% - ${at(one.interval.high)})`;
  }
}

/** Draws the arms at the chosen points, or hides the part where a study has one arm alone. */
export function draw(study, choices, ages) {
  byId('arms').hidden = study.arms.length === 0;
  if (study.arms.length === 0) return;
  const {reference} = study.arms[0];
  setText(byId('arms-title'), `Arms compared with ${reference}`);
  setText(byId('arms-caption'), `Mean of arm minus ${reference} over pairs of runs of the same size, seed and start; intervals at ${
    percent(study.confidence)}. Of the trace the difference of ln: below zero is flatter. One scale a column, zero in the middle.`);
  const headings = [`ln ${measure(choices.measure).symbol}`, 'Accuracy', `${study.loss.quantity[0].toUpperCase()}${study.loss.quantity.slice(1)}, nats`, 'Steps', 'Gradients of a batch'];
  headings.forEach((heading, place) => setText(byId('arms-table').tHead.rows[0].cells[place + 1], heading));
  const rows = rowsOf(study, choices);
  const reach = COLUMNS.map((column) => d3.max(rows, (row) => {
    const one = found(study, row, column, choices);
    return one?.interval ? Math.max(Math.abs(one.interval.low), Math.abs(one.interval.high)) : 0;
  }));
  keyed(byId('arms-table').tBodies[0], rows, (row) => `${row.arm}@${row.at}`, make, (tr, row) => {
    const [strong, more] = WORDS[row.at](row.level);
    tr.dataset.at = row.at;
    tr.dataset.arm = row.arm;
    setText(tr.querySelector('strong'), row.arm);
    setText(tr.querySelector('th span'), `${strong}: ${more}`);
    COLUMNS.forEach((column, place) => {
      fill(tr.cells[place + 1], found(study, row, column, choices), headings[place], reach[place], {study, ages, row});
    });
  });
  roving(byId('arms-table'), '.cell');
  setText(byId('arms-count'), `${count(new Set(rows.map((row) => row.arm)).size + 1)} arms.`);
}
