// Every run: large curves of all together, then each as a row with its state, progress and small curves.

import {byId, element, keyed, roving, setAttributes, setText} from './dom.js';
import {curves, small} from './curves.js';
import {flatness} from './figures.js';
import {count, duration, level, plain, plural, rounded, setting} from './format.js';
import {picture} from './marks.js';
import {accuracyFacts, flatnessFacts, lossFacts, runFacts} from './tell.js';
import {lines} from './tip.js';
import {measure, state as stateOf} from './words.js';

/** In the middle of a sentence; symbols keep their capitals. */
const capped = (text) => text[0].toUpperCase() + text.slice(1);
const uncapped = (text) => text[0].toLowerCase() + text.slice(1);

/** What is drawn over steps, of the chosen measure, task and protocol. */
function kinds(study, choices) {
  const named = measure(choices.measure);
  const downstream = `${choices.task}/${choices.protocol}`;
  const checkpoints = (run, valueOf, facts) => run.checkpoints.flatMap((point) => {
    const value = valueOf(point);
    if (value === null || value === undefined || point.step < 1) return [];
    return [{key: `${run.id}:${point.step}`, x: point.step, y: value, tipTitle: `${run.label}, step ${count(point.step)}`, facts: facts(point)}];
  });
  return [
    {
      id: 'excess', title: capped(study.loss.quantity), label: 'nats', log: true,
      levels: study.levels.map((y) => ({y, text: level(y)})),
      points: (run) => checkpoints(run, (point) => point.loss.value, (point) => lossFacts(study.loss, point.loss, point.sentences, point.validationSeed)),
      line: (run) => run.losses.filter((loss) => loss.step >= 1 && loss.loss.value > 0).map((loss) => ({x: loss.step, y: loss.loss.value})),
      last: (run) => {
        const loss = run.losses.at(-1);
        return loss && {text: rounded(loss.loss.value, loss.loss.stderr), value: loss.loss.value, step: loss.step, facts: lossFacts(study.loss, loss.loss, loss.sentences, loss.validationSeed)};
      },
    },
    {
      id: 'trace', title: `Trace (${named.symbol})`, label: 'nats', log: true, levels: [],
      points: (run) => checkpoints(run, (point) => (flatness(point.flatness.get(choices.measure)) ? point.flatness.get(choices.measure).value : null),
        (point) => flatnessFacts(point.flatness.get(choices.measure))),
      last: (run) => {
        const point = run.checkpoints.findLast((one) => one.flatness.has(choices.measure));
        const flat = point?.flatness.get(choices.measure);
        return flat && {text: rounded(flat.value, flat.stderr), value: flat.value, step: point.step, facts: flatnessFacts(flat)};
      },
    },
    {
      id: 'accuracy', title: 'Accuracy above untrained', label: 'share', log: false, levels: [],
      points: (run) => checkpoints(run, (point) => point.downstream.get(downstream)?.aboveUntrained.value, (point) => accuracyFacts(point.downstream.get(downstream))),
      last: (run) => {
        const point = run.checkpoints.findLast((one) => one.downstream.has(downstream));
        const down = point?.downstream.get(downstream);
        return down && {text: rounded(down.aboveUntrained.value, down.aboveUntrained.stderr), value: down.aboveUntrained.value, step: point.step, facts: accuracyFacts(down)};
      },
    },
  ];
}

function curveOf(kind, run) {
  const points = kind.points(run);
  return {key: run.id, size: run.place, line: kind.line ? kind.line(run) : points.map(({x, y}) => ({x, y})), points};
}

/** Draws curves and rows. */
export function draw(study, choices, ages) {
  const all = kinds(study, choices).map((kind) => ({...kind, runs: study.runs.map((run) => curveOf(kind, run))}));
  for (const kind of all) {
    const runs = kind.runs.map((run) => ({...run, points: run.points.map((point) => ({
      ...point, label: `${point.tipTitle}: ${plain(point.y)} ${kind.label}`,
      tip: lines(point.tipTitle, ...point.facts, ['age', ages.of(`${kind.id}:${point.key}`, point.y)]),
    }))}));
    curves(byId(`figure-${kind.id}`), {
      title: kind.title, name: `${study.id}-${kind.id}`, runs, levels: kind.levels, y: {log: kind.log, label: `${uncapped(kind.title)}, ${kind.label}`},
      empty: runs.some((run) => run.line.length > 0) ? '' : 'Nothing yet.',
      table: () => runs.flatMap((run) => run.points.map((point) => ({study: study.id, run: run.key, step: point.x, [kind.id]: point.y}))),
    });
  }
  setText(byId('runs-caption'), study.runs.length === 0 ? 'No run has been declared yet.'
    : `${study.progress.ended} of ${plural(study.progress.runs, 'run')} ended. Dashed: the ${study.loss.level} at which runs are compared. In each row the other runs are grey.`);
  const rows = byId('run-rows');
  keyed(rows, [{id: 'head'}, ...study.runs], (run) => run.id,
    (run) => (run.id === 'head' ? makeHead() : makeRow(run, all)),
    (row, run) => (run.id === 'head' ? [0, 1].forEach((place) => setText(row.children[place + 1], `${all[place].title}, nats`)) : fill(row, run, all, study, ages)));
  roving(rows, '.last');
}

function makeHead() {
  return element('div', {class: 'run-row head', role: 'row'},
    ...['Run', 'Loss, nats', 'Trace', 'Accuracy above untrained'].map((text) => element('span', {role: 'columnheader'}, text)));
}

function makeRow(run, all) {
  return element('div', {class: 'run-row', role: 'row', 'data-run': run.id},
    element('div', {class: 'run-name', role: 'rowheader'}, picture(run.place), ' ', element('span', {class: 'label'}, run.label),
      element('span', {class: 'state'}), element('progress', {max: 1, value: 0, 'aria-label': `Progress of ${run.label}`})),
    ...all.map((kind) => {
      const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      drawing.setAttribute('class', 'small');
      drawing.setAttribute('aria-hidden', 'true');
      return element('div', {class: 'run-cell', role: 'cell', 'data-kind': kind.id},
        element('span', {class: 'what'}), element('div', {class: 'canvas'}, drawing), element('span', {class: 'last'}));
    }));
}

function stateText(run, study) {
  const steps = `${count(run.step)} of ${count(run.steps)} steps`;
  if (run.state === 'failed') return `failed at step ${count(run.step)}: ${run.reason}`;
  if (run.state === 'done') return `done · ${count(run.steps)} steps`;
  if (run.state === 'declared') return 'waiting';
  return run.remaining === null || study.state !== 'running' ? `${stateOf(run.state)} · ${steps}` : `${steps} · about ${duration(run.remaining)} left`;
}

function fill(row, run, all, study, ages) {
  setText(row.querySelector('.label'), run.label);
  const state = row.querySelector('.state');
  setText(state, stateText(run, study));
  state.dataset.state = run.state;
  // The whole reason may be long; a row keeps its height.
  const failed = run.state === 'failed';
  setAttributes(state, {'data-tip': failed ? lines(`${run.label} failed`, ['step', count(run.step)], run.reason) : null, tabindex: failed ? 0 : null});
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
    setText(said, last ? last.text : applies ? 'nothing yet' : 'not applicable');
    setAttributes(said, {
      'data-value': last?.value, 'data-step': last?.step,
      'data-tip': last ? lines(`${run.label}, step ${count(last.step)}: ${uncapped(kind.title)}`, ...last.facts, ...runFacts(run),
        ['age', ages.of(`${kind.id}:${run.id}:last`, last.value)])
        : lines(run.label, `${kind.title}: ${applies ? 'nothing yet' : 'not applicable, because there are no weights'}.`, ['parameters', count(run.parameters)], ['rate', setting(run.learningRate)]),
    });
  });
}
