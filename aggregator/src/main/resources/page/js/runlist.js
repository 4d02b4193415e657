// The list of runs. Only the rows in view are in the document, so that hundreds of runs cost no more than a screenful.

import {byId, element, setAttributes, setText} from './dom.js';
import {domainsOf, small} from './curves.js';
import {count, duration, plural, setting} from './format.js';
import {picture} from './marks.js';
import * as selection from './selection.js';
import {runFacts} from './tell.js';
import {give, lines} from './tip.js';
import {state as stateOf} from './words.js';

const HEAD = 34;
const SPARE = 6;
/** Where there are more runs, a row shows its own curve alone. */
const BEHIND = 40;
const HEADINGS = ['Run', 'Loss, nats', 'Trace', 'Accuracy above untrained'];

let given = null;
let entries = [];
let rowHeight = 68;

const sameLists = (one, other) => (one === null ? other === null
  : other !== null && one.every((list, place) => list.length === other[place].length && list.every((run, at) => run === other[place][at])));

const uncapped = (text) => text[0].toLowerCase() + text.slice(1);

/** Runs in the chosen order. Runs without a value come last, whatever the direction. */
function sorted(shown, all, sort) {
  const down = sort.startsWith('-');
  const column = sort.replace(/^-/, '');
  const facet = selection.FACETS.find((one) => one.id === column);
  const kind = all.find((one) => one.id === column);
  const ordered = (of, compare) => {
    const known = shown.map((run) => [run, of(run)]);
    const without = known.filter(([, value]) => value === undefined);
    const rest = known.filter(([, value]) => value !== undefined).toSorted(([, a], [, b]) => (down ? compare(b, a) : compare(a, b)));
    return [...rest, ...without].map(([run]) => run);
  };
  if (kind) return ordered((run) => kind.last(run)?.value, (a, b) => a - b);
  if (facet) return ordered(facet.of, (a, b) => a.localeCompare(b, 'en', {numeric: true}));
  if (column === 'label') return ordered((run) => run.label, (a, b) => a.localeCompare(b, 'en', {numeric: true}));
  return down ? shown.toReversed() : shown;
}

/** Rows and heads of groups, each with its place from the top. */
function layOut(study, shown, all) {
  const {sort, group} = selection.current();
  const runs = sorted(shown, all, sort);
  const facet = selection.FACETS.find((one) => one.id === group);
  const groups = facet ? d3.groups(runs, facet.of) : [[null, runs]];
  let top = 0;
  return groups.flatMap(([value, own]) => {
    const head = value === null ? [] : [{head: `${facet.name} ${facet.id === 'state' ? stateOf(value) : value}`, count: own.length, key: `head:${value}`, top, height: HEAD}];
    top += head.length * HEAD;
    return [...head, ...own.map((run) => {
      const entry = {run, key: run.id, top, height: rowHeight};
      top += rowHeight;
      return entry;
    })];
  });
}

function build(list) {
  const window = element('div', {class: 'run-window', role: 'rowgroup'}, element('div', {class: 'run-space', role: 'presentation'}));
  setAttributes(list, {role: 'grid', 'aria-multiselectable': true});
  list.append(element('div', {class: 'run-row head', role: 'row', 'aria-rowindex': 1}, ...HEADINGS.map((text) => element('span', {role: 'columnheader'}, text))), window);
  window.addEventListener('scroll', () => drawRows(), {passive: true});
  window.addEventListener('keydown', (event) => move(event, window));
}

/** Arrows, Home and End go from run to run, also to those that are not drawn yet; right and left go into a row. */
function move(event, window) {
  const row = event.target.closest('.run-row');
  if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
  const inRow = [row, ...row.querySelectorAll('.last')];
  const sideways = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (sideways) {
    event.preventDefault();
    inRow[Math.max(0, Math.min(inRow.length - 1, inRow.indexOf(event.target) + sideways))].focus();
    return;
  }
  const runs = entries.filter((entry) => entry.run);
  const here = runs.findIndex((entry) => entry.key === row.dataset.key);
  const next = {ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + 8, PageUp: here - 8, Home: 0, End: runs.length - 1}[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const entry = runs[Math.max(0, Math.min(runs.length - 1, next))];
  if (entry.top < window.scrollTop) window.scrollTop = entry.top;
  else if (entry.top + entry.height > window.scrollTop + window.clientHeight) window.scrollTop = entry.top + entry.height - window.clientHeight;
  drawRows(entry.key);
  window.querySelector(`[data-key="${CSS.escape(entry.key)}"]`)?.focus();
}

/** Draws the list anew; the place to which it is scrolled stays. */
export function drawList(study, shown, all, ages) {
  const list = byId('run-rows');
  if (!list.firstChild) build(list);
  // A small curve depends on its run, on what all runs span, and on the others where these are drawn behind it.
  const drawnFor = all.map((kind) => JSON.stringify([kind.title, domainsOf(kind.runs, kind.levels, kind.log), innerWidth])).join()
    + [study.id, study.ended, all[2].about].join();
  const others = all[0].runs.length > BEHIND ? null : all.map((kind) => kind.runs);
  const same = given && drawnFor === given.drawnFor && sameLists(others, given.others);
  given = {study, all, ages, drawnFor: same ? given.drawnFor : drawnFor, others, turn: same ? given.turn : {}};
  const heads = list.firstChild.children;
  [0, 1].forEach((place) => setText(heads[place + 1], `${all[place].title}, nats`));
  entries = layOut(study, shown, all);
  setAttributes(list, {'aria-rowcount': entries.length + 1});
  drawRows();
  // The height of a row follows from the width of the page; all are equally high.
  const first = list.querySelector('.run-row[data-run]');
  const height = first ? first.offsetHeight : rowHeight;
  if (height > 0 && height !== rowHeight) {
    rowHeight = height;
    entries = layOut(study, shown, all);
    drawRows();
  }
}

/** Draws the rows in view, and the one to which the focus is to go. */
function drawRows(wanted = null) {
  const window = byId('run-rows').lastChild;
  const space = window.firstChild;
  const last = entries.at(-1);
  space.style.height = `${last ? last.top + last.height : 0}px`;
  const from = window.scrollTop - SPARE * rowHeight;
  const to = window.scrollTop + Math.max(window.clientHeight, 8 * rowHeight) + SPARE * rowHeight;
  const focused = document.activeElement?.closest?.('.run-row')?.dataset.key ?? null;
  const seen = entries.map((entry, place) => ({...entry, place}))
    .filter((entry) => (entry.top + entry.height > from && entry.top < to) || entry.key === wanted || entry.key === focused);
  const held = window.contains(document.activeElement);
  const present = new Map([...space.children].map((row) => [row.dataset.key, row]));
  const stop = (focused && seen.some((entry) => entry.key === focused) ? focused : null) ?? seen.find((entry) => entry.run && entry.top >= window.scrollTop)?.key;
  seen.forEach((entry, index) => {
    const row = present.get(entry.key) ?? (entry.run ? makeRow(entry.run) : makeHead());
    present.delete(entry.key);
    row.dataset.key = entry.key;
    row.style.transform = `translateY(${entry.top}px)`;
    setAttributes(row, {'aria-rowindex': entry.place + 2});
    if (space.children[index] !== row) space.insertBefore(row, space.children[index] ?? null);
    if (entry.run) fill(row, entry.run, entry.key === stop);
    else setText(row.firstChild, `${entry.head}: ${plural(entry.count, 'run')}`);
  });
  present.forEach((row) => row.remove());
  // A run that was hidden from here leaves the focus to the one that takes its place.
  if (held && !window.contains(document.activeElement)) space.querySelector('.run-row[tabindex="0"]')?.focus({preventScroll: true});
}

const makeHead = () => element('div', {class: 'run-head', role: 'row'}, element('span', {role: 'rowheader'}));

function makeRow(run) {
  return element('div', {class: 'run-row', role: 'row', 'data-run': run.id},
    element('div', {class: 'run-name', role: 'rowheader'}, picture(run.place), ' ', element('span', {class: 'label'}, run.label),
      element('span', {class: 'state'}), element('progress', {max: 1, value: 0, 'aria-label': `Progress of ${run.label}`})),
    ...given.all.map((kind) => {
      const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      drawing.setAttribute('class', 'small');
      drawing.setAttribute('aria-hidden', 'true');
      return element('div', {class: 'run-cell', role: 'gridcell', 'data-kind': kind.id},
        element('span', {class: 'what'}), element('div', {class: 'canvas'}, drawing), element('span', {class: 'last', tabindex: -1}));
    }));
}

function stateText(run, study) {
  const steps = `${count(run.step)} of ${count(run.steps)} steps`;
  if (run.state === 'failed') return `failed at step ${count(run.step)}: ${run.reason}`;
  if (run.state === 'done') return `done · ${count(run.steps)} steps`;
  if (run.state === 'declared') return study.ended ? 'not trained' : 'waiting';
  const left = study.progress.left.get(run.id) ?? null;
  return left === null || study.state !== 'running' ? `${stateOf(run.state)} · ${steps}` : `${steps} · about ${duration(left)} left`;
}

function fillState(row, run, study) {
  const state = row.querySelector('.state');
  setText(state, stateText(run, study));
  state.dataset.state = run.state;
  // The whole reason may be long; a row keeps its height.
  const failed = run.state === 'failed';
  setAttributes(state, {'data-tip': failed ? lines(`${run.label} failed`, ['step', count(run.step)], run.reason) : null, tabindex: failed ? 0 : null});
}

function fill(row, run, stop) {
  const {study, all, ages} = given;
  row.className = `run-row ${selection.classOf(run.id)}`;
  setAttributes(row, {tabindex: stop ? 0 : -1, 'aria-selected': selection.selects(run.id), 'aria-label': `${run.label}: Enter opens, space selects, H hides it`});
  fillState(row, run, study);
  if (row.drawn === run && row.turn === given.turn) return;
  row.drawn = run;
  row.turn = given.turn;
  setText(row.querySelector('.label'), run.label);
  const progress = row.querySelector('progress');
  progress.value = run.steps > 0 ? Math.min(1, run.step / run.steps) : 0;
  progress.dataset.state = run.state;
  all.forEach((kind, place) => {
    const cell = row.children[place + 1];
    const own = kind.runs.find((curve) => curve.key === run.id);
    small(cell.querySelector('svg'), {all: kind.runs, own, log: kind.log, levels: kind.levels});
    const last = kind.last(run);
    setText(cell.querySelector('.what'), kind.title);
    const said = cell.querySelector('.last');
    // A table of the true conditionals has no weights to take a trace of.
    const applies = kind.id !== 'trace' || run.algorithm !== 'lookup-table';
    const none = applies ? study.ended || run.state === 'failed' ? 'none' : 'nothing yet' : 'not applicable';
    setText(said, last ? last.text : none);
    setAttributes(said, {'data-value': last?.value, 'data-step': last?.step});
    const key = `${kind.id}:${run.id}:last`;
    if (last) ages.see(key, last.value);
    give(said, () => (last ? lines(`${run.label}, step ${count(last.step)}: ${uncapped(kind.title)}`, ...last.facts(), ...runFacts(run), ['age', ages.of(key, last.value)])
      : lines(run.label, `${kind.title}: ${applies ? none : 'not applicable, because there are no weights'}.`, ['parameters', count(run.parameters)], ['rate', setting(run.learningRate)])));
  });
}

/** Draws the states alone, of the rows in view. */
export function drawStates(study) {
  if (!given) return;
  given = {...given, study};
  for (const row of byId('run-rows').querySelectorAll('.run-row[data-run]')) {
    const run = study.runs.find((one) => one.id === row.dataset.run);
    if (run) fillState(row, run, study);
  }
}
