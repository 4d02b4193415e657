// Another study beside the one that is shown: headlines, what was done, and the same rows of both tables next to each other.

import {idOf, nameOf} from './answer.js';
import {follow} from './connection.js';
import {list} from './controls.js';
import {byId, element, keyed, setText} from './dom.js';
import {count, level, plural} from './format.js';
import * as selection from './selection.js';
import {read} from './study.js';
import {findingText} from './tell.js';
import {measure, state as stateOf} from './words.js';

let following = null;
let stop = null;
let other = null;

/** Follows the wanted study as long as it is wanted. */
function watch(wanted) {
  if (wanted === following) return;
  stop?.();
  [following, stop, other] = [wanted, null, null];
  if (wanted === null) return;
  stop = follow(wanted, {
    onView: (view) => {
      other = read(view);
      selection.changed();
    },
    onProgress: () => {},
    onState: () => {},
  });
}

/** The chosen task and protocol where a study has them, otherwise those of its own headline. */
function asked(study, choices) {
  const same = study.tasks.includes(choices.task) && study.protocols.includes(choices.protocol);
  return same ? {task: choices.task, protocol: choices.protocol} : {task: study.primary.task, protocol: study.primary.protocol};
}

const placeOf = (row) => (row.comparison === 'all-checkpoints' ? 'all checkpoints' : row.level === null ? 'last' : `${level(row.level)} nats`);

/** Rows of a study by what they compare: {key, title, what, text}. */
function rowsOf(study, choices) {
  const {task, protocol} = asked(study, choices);
  return new Map(study.rowList
    .filter((row) => row.task === task && row.protocol === protocol && [choices.measure, 'loss', 'difference'].includes(row.measure))
    .filter((row) => row === study.row({...row, statistic: choices.statistic}, {task, protocol}))
    .map((row) => {
      const name = nameOf(row);
      return [`${idOf(row)}@${row.level ?? ''}@${row.measure}`, {
        title: name === placeOf(row) ? name : `${placeOf(row)}: ${name}`,
        what: row.measure === 'loss' || row.measure === 'difference' ? row.measure : measure(row.measure).symbol,
        text: findingText(row), value: row.finding.value ?? '',
      }];
    }));
}

/** What is told of each study above its numbers. */
function facts(study, choices) {
  const {task, protocol} = asked(study, choices);
  return [
    ['Answer', study.headline.text],
    ['State', stateOf(study.state)],
    ['Runs', `${count(study.progress.ended)} of ${plural(study.progress.runs, 'run')} ended`],
    ['Sizes', study.sizes.map((size) => size.name).join(', ')],
    ['Loss', study.loss.quantity],
    ['Levels', study.levels.map(level).join(', ')],
    ['Task and protocol', task ? `${task} by ${protocol}` : 'none'],
    ['Registered claim', study.claim ? `${study.claim.verdict}: ${study.claim.statement}` : 'none'],
  ];
}

function makeRow() {
  return element('tr', {}, element('th', {scope: 'row'}, element('strong'), element('span')),
    element('td', {}, element('span')), element('td', {}, element('span')));
}

/** Draws the choice of another study, and both once one is chosen. known: the recorded studies. */
export function draw(study, choices, known) {
  const others = known.filter((one) => one.id !== study.id);
  const wanted = selection.current().beside;
  watch(others.some((one) => one.id === wanted) ? wanted : null);
  byId('beside').hidden = others.length === 0;
  if (others.length === 0) return;
  list('control-beside', [{value: '', text: 'none'}, ...others.map((one) => ({value: one.id, text: one.name}))], following ?? '', selection.putBeside);
  const table = byId('beside-rows');
  table.hidden = other === null;
  if (other === null) return;
  setText(byId('beside-one'), study.name);
  setText(byId('beside-other'), other.name);
  setText(byId('beside-caption'), 'Each study by its own runs and its own record. Levels are equal only where their losses are of one kind and one language; '
    + 'two intervals that overlap do not test the difference of two studies.');
  const [one, two] = [rowsOf(study, choices), rowsOf(other, choices)];
  const told = facts(other, choices);
  const rows = [
    ...facts(study, choices).map(([title, text], place) => ({key: title, title, what: '', left: text, right: told[place][1]})),
    ...[...new Map([...one, ...two])].map(([key, {title, what}]) => ({key, title, what, left: one.get(key)?.text ?? '–', right: two.get(key)?.text ?? '–',
      values: [one.get(key)?.value, two.get(key)?.value]})),
  ];
  keyed(table.tBodies[0], rows, (row) => row.key, makeRow, (tr, row) => {
    setText(tr.querySelector('strong'), row.title);
    setText(tr.querySelector('th span'), row.what);
    [row.left, row.right].forEach((text, place) => {
      const cell = tr.cells[place + 1];
      setText(cell.firstChild, text);
      cell.dataset.heading = place === 0 ? study.name : other.name;
      if (row.values) cell.dataset.value = row.values[place] ?? '';
    });
  });
}
