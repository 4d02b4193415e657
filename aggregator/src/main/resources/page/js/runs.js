// Every run: large curves of those that are shown, tools to find some among many, then each as a row with its state, progress and small curves.

import {byId, setText} from './dom.js';
import {curves} from './curves.js';
import {flatness} from './figures.js';
import {count, level, plain, plural, rounded} from './format.js';
import {drawList, drawStates} from './runlist.js';
import {drawTools} from './runtools.js';
import * as selection from './selection.js';
import {accuracyFacts, flatnessFacts, lossFacts} from './tell.js';
import {lines} from './tip.js';
import {measure} from './words.js';

/** More checkpoints than these are not marked one by one on the curves, but for the runs that are selected. */
const MARKED = 600;

/** In the middle of a sentence; symbols keep their capitals. */
const capped = (text) => text[0].toUpperCase() + text.slice(1);
export const uncapped = (text) => text[0].toLowerCase() + text.slice(1);

/** What is drawn over steps, of the chosen measure, task and protocol. */
export function kinds(study, choices) {
  const named = measure(choices.measure);
  const downstream = `${choices.task}/${choices.protocol}`;
  const checkpoints = (run, valueOf, facts) => run.checkpoints.flatMap((point) => {
    const value = valueOf(point);
    if (value === null || value === undefined || point.step < 1) return [];
    return [{key: `${run.id}:${point.step}`, x: point.step, y: value, tipTitle: () => `${run.label}, step ${count(point.step)}`, facts: () => facts(point)}];
  });
  return [
    {
      id: 'excess', title: capped(study.loss.quantity), label: 'nats', log: true,
      levels: study.levels.map((y) => ({y, text: level(y)})),
      points: (run) => checkpoints(run, (point) => point.loss.value, (point) => lossFacts(study.loss, point.loss, point.sentences, point.validationSeed)),
      line: (run) => run.losses.filter((loss) => loss.step >= 1 && loss.loss.value > 0).map((loss) => ({x: loss.step, y: loss.loss.value})),
      last: (run) => {
        const loss = run.losses.at(-1);
        return loss && {text: rounded(loss.loss.value, loss.loss.stderr), value: loss.loss.value, step: loss.step,
          facts: () => lossFacts(study.loss, loss.loss, loss.sentences, loss.validationSeed)};
      },
    },
    {
      id: 'trace', title: `Trace (${named.symbol})`, label: 'nats', log: true, levels: [],
      points: (run) => checkpoints(run, (point) => (flatness(point.flatness.get(choices.measure)) ? point.flatness.get(choices.measure).value : null),
        (point) => flatnessFacts(point.flatness.get(choices.measure))),
      last: (run) => {
        const point = run.checkpoints.findLast((one) => one.flatness.has(choices.measure));
        const flat = point?.flatness.get(choices.measure);
        return flat && {text: rounded(flat.value, flat.stderr), value: flat.value, step: point.step, facts: () => flatnessFacts(flat)};
      },
    },
    {
      // What the title does not say.
      id: 'accuracy', about: `${choices.measure} ${downstream}`, title: 'Accuracy above untrained', label: 'share', log: false, levels: [],
      points: (run) => checkpoints(run, (point) => point.downstream.get(downstream)?.aboveUntrained.value, (point) => accuracyFacts(point.downstream.get(downstream))),
      last: (run) => {
        const point = run.checkpoints.findLast((one) => one.downstream.has(downstream));
        const down = point?.downstream.get(downstream);
        return down && {text: rounded(down.aboveUntrained.value, down.aboveUntrained.stderr), value: down.aboveUntrained.value, step: point.step,
          facts: () => accuracyFacts(down)};
      },
    },
  ];
}

const made = new WeakMap();

/** The curve of a run, made once for every kind and choice: at an update only the runs that changed are made again. */
function curveOf(kind, run, choices) {
  const key = [kind.id, choices.measure, choices.task, choices.protocol].join('|');
  if (!made.has(run)) made.set(run, new Map());
  const own = made.get(run);
  if (!own.has(key)) {
    const points = kind.points(run);
    own.set(key, {key: run.id, label: run.label, size: run.place, steps: run.steps, tokensPerStep: run.step > 0 ? run.tokens / run.step : 0,
      line: kind.line ? kind.line(run) : points.map(({x, y}) => ({x, y})), points});
  }
  return own.get(key);
}

/** Draws the three figures over steps for some runs. figureOf gives the element for a kind; marks says of which runs checkpoints are marked. */
export function drawCurves(study, choices, ages, runs, figureOf, marks = () => true) {
  const all = kinds(study, choices).map((kind) => ({...kind, runs: runs.map((run) => curveOf(kind, run, choices))}));
  const chosen = [study.id, study.ended, choices.measure, choices.task, choices.protocol, choices.axis, marks(''), ...selection.current().selected].join('|');
  for (const kind of all) {
    // A switch of the points changes no curve.
    const figure = figureOf(kind);
    const {of = [], as = null} = figure.curves ?? {};
    if (as === chosen && of.length === kind.runs.length && of.every((run, place) => run === kind.runs[place])) continue;
    figure.curves = {of: kind.runs, as: chosen};
    const drawn = kind.runs.map((run) => ({...run, points: !marks(run.key) ? [] : run.points.map((point) => {
      const key = `${kind.id}:${point.key}`;
      ages.see(key, point.y);
      return {...point, label: `${point.tipTitle()}: ${plain(point.y)} ${kind.label}`,
        tip: () => lines(point.tipTitle(), ...point.facts(), ['age', ages.of(key, point.y)])};
    })}));
    curves(figure, {
      title: kind.title, name: `${study.id}-${kind.id}`, runs: drawn, axis: choices.axis, levels: kind.levels, y: {log: kind.log, label: `${uncapped(kind.title)}, ${kind.label}`},
      empty: drawn.some((run) => run.line.length > 0) ? '' : study.ended ? 'None.' : 'Nothing yet.',
      table: () => kind.runs.flatMap((run) => run.points.map((point) => ({study: study.id, run: run.key, step: point.x, [kind.id]: point.y}))),
    });
  }
  return all;
}

/** Draws curves, tools and rows. */
export function draw(study, choices, ages) {
  const shown = study.runs.filter(selection.shows);
  const checkpoints = shown.reduce((sum, run) => sum + run.checkpoints.length, 0);
  const few = checkpoints <= MARKED;
  const all = drawCurves(study, choices, ages, shown, (kind) => byId(`figure-${kind.id}`), (id) => few || selection.selects(id));
  setText(byId('runs-caption'), study.runs.length === 0 ? 'No run has been declared yet.'
    : `${study.progress.ended} of ${plural(study.progress.runs, 'run')} ended. Dashed: the ${study.loss.level} at which runs are compared. In each row the other runs are grey.`);
  drawTools(study, shown, few);
  drawList(study, shown, all, ages);
}

/** Draws what the progress says of runs that are being trained. */
export function drawProgress(study) {
  drawStates(study);
}
