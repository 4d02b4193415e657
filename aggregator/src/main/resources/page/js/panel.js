// One run opened, or several side by side: configuration, curves, checkpoints with all measurements, and the commands that use them.

import {copyButton} from './copy.js';
import {byId, element} from './dom.js';
import {count, estimate, level, plain, plural, setting} from './format.js';
import {picture} from './marks.js';
import {drawCurves} from './runs.js';
import * as selection from './selection.js';
import {estimator} from './tell.js';
import {measure, state as stateOf} from './words.js';

let drawn = '';

const table = (caption, heads, rows) => element('table', {class: 'plain'}, element('caption', {}, caption),
  element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', {scope: 'col'}, text)))),
  element('tbody', {}, ...rows.map(([first, ...rest]) => element('tr', {}, element('th', {scope: 'row'}, first),
    ...rest.map((cell) => element('td', {}, cell))))));

/** An algorithm as text: its name, or its settings. */
const algorithmText = (algorithm) => (typeof algorithm === 'string' ? algorithm
  : Object.entries(algorithm).map(([name, value]) => `${name} ${value !== null && typeof value === 'object' ? `(${algorithmText(value)})` : value}`).join(', '));

const CAMEL = /([A-Z])/g;
const wordsOf = (name) => name.replace(CAMEL, (capital) => ` ${capital.toLowerCase()}`);

/** The command that starts the program; the server says how it was started. */
let program = 'basin';

/** Notes the command that starts the program. */
export function startedBy(command) {
  program = command;
  drawn = '';
}

/** Name and text of all that a run was asked for. */
function configuration(run, study) {
  const size = study.sizes.find((one) => one.name === run.size);
  const training = run.setting?.training ?? {};
  return [
    ['run', run.id],
    ...(run.ingested ? [['name in its own program', run.ingested]] : []),
    ['state', run.state === 'failed' ? `failed at step ${count(run.step)}: ${run.reason}` : stateOf(run.state)],
    ['size', size ? `${size.name}, width ${size.width}, ${plural(size.layers, 'layer')}` : run.size],
    ['parameters', count(run.parameters)],
    ['algorithm', run.setting ? algorithmText(run.setting.algorithm) : run.algorithm],
    ['learning rate', setting(run.learningRate)],
    ['seed', String(run.seed)],
    ['steps', `${count(run.step)} of ${count(run.steps)}`],
    ['tokens', count(run.tokens)],
    ...Object.entries(training).filter(([name]) => name !== 'steps')
      .map(([name, value]) => [wordsOf(name), typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  ];
}

function configurationTable(runs, study) {
  const all = runs.map((run) => new Map(configuration(run, study)));
  const names = [...new Set(all.flatMap((one) => [...one.keys()]))];
  const made = table('Configuration', ['', ...runs.map((run) => run.label)], names.map((name) => [name, ...all.map((one) => one.get(name) ?? '')]));
  names.forEach((name, place) => {
    const values = new Set(all.map((one) => one.get(name)));
    if (values.size > 1 && name !== 'run') made.tBodies[0].rows[place].classList.add('differs');
  });
  return made;
}

const flatText = (flat) => (flat ? estimate({...flat, ...flat.interval}) : '');

/** The checkpoints at which runs are compared, and the last: one row for each number, one column a run. */
function comparedTable(runs, study, choices) {
  const places = [...study.levels.map((target) => [`${level(target)} nats`, (run) => run.checkpoints.find((point) => point.matched.includes(target))]),
    ['last', (run) => run.checkpoints.at(-1)]];
  const values = [
    ['step', (point) => count(point.step)],
    [study.loss.quantity, (point) => estimate(point.loss)],
    ['weight norm', (point) => plain(point.weightNorm)],
    [measure(choices.measure).symbol, (point) => flatText(point.flatness.get(choices.measure))],
    [`accuracy above untrained, ${choices.task} by ${choices.protocol}`, (point) => {
      const down = point.downstream.get(`${choices.task}/${choices.protocol}`);
      return down ? estimate(down.aboveUntrained) : '';
    }],
  ];
  return table('Checkpoints at which runs are compared', ['', ...runs.map((run) => run.label)], places.flatMap(([name, find]) =>
    values.map(([what, text]) => [`${name}: ${what}`, ...runs.map((run) => {
      const point = find(run);
      return point ? text(point) : '–';
    })])));
}

/** All measurements of a checkpoint, each with its estimator, its interval and its cost. */
function measurements(point, study) {
  return table(`Measurements at step ${count(point.step)}`, ['Measurement', 'Value', 'n', 'Estimator', 'Cost'], [
    [study.loss.quantity, estimate(point.loss), plural(point.sentences, 'sentence'), `${study.loss.estimator}, seed ${point.validationSeed}`,
      `${plural(point.sentences, 'forward pass', 'forward passes')}`],
    ...point.sent.flatness.map((flat) => [measure(flat.quantity).symbol, `${flatText(flat)} ${flat.unit}`, plural(flat.pairs, 'pair'),
      `${estimator(flat)}, seed ${flat.estimatorSeed}`, `${count(Math.round(flat.gradients))} gradients of one example`]),
    ...point.sent.downstream.map((down) => [`accuracy, ${down.task} by ${down.protocol}`,
      `${estimate(down.accuracy)}, above untrained ${estimate(down.aboveUntrained)}`, `${count(down.repetitions)} × ${count(down.labels)} labels`,
      `mean of ${plural(down.repetitions, 'repetition')}, seed ${down.protocolSeed}`, `${count(down.repetitions * down.test)} test sentences`]),
    ...(point.sent.layers ?? []).map((layers) => [`traces of ${plural(layers.layers.length, 'tensor')}`, '', plural(layers.pairs, 'pair'),
      `${estimator(layers)}, seed ${layers.estimatorSeed}`, '']),
    ...point.spectra.map((spectrum) => ['spectrum', `largest eigenvalue ${estimate({...spectrum.top[0].value, ...spectrum.top[0].interval})} ${spectrum.unit}`,
      plural(spectrum.dataSets, 'data set'), `${estimator(spectrum)}, seed ${spectrum.estimatorSeed}`, '']),
  ]);
}

function checkpoints(run, study, choices) {
  const part = element('section', {}, element('h3', {}, 'Checkpoints'));
  if (run.checkpoints.length === 0) {
    part.append(element('p', {class: 'quiet'}, study.ended || run.state === 'failed' ? 'None.' : 'None yet.'));
    return part;
  }
  for (const point of run.checkpoints) {
    const down = point.downstream.get(`${choices.task}/${choices.protocol}`);
    const flat = point.flatness.get(choices.measure);
    const details = element('details', {class: 'checkpoint'}, element('summary', {}, [
      `Step ${count(point.step)}${point.matched.length > 0 ? `, at ${point.matched.map(level).join(' and ')} nats` : ''}${point.last ? ', last' : ''}`,
      `${study.loss.quantity} ${estimate(point.loss)}`,
      flat && `${measure(choices.measure).symbol} ${flatText(flat)}`,
      down && `above untrained ${estimate(down.aboveUntrained)}`,
    ].filter(Boolean).join(' · ')));
    // A run may have hundreds; each is filled when somebody opens it.
    details.addEventListener('toggle', () => {
      if (details.open && details.children.length === 1) details.append(measurements(point, study));
    });
    part.append(details);
  }
  return part;
}

/** What is done with a run outside the page: a command, what it does, and a button that copies it. */
function commands(run, study, choices) {
  const part = element('section', {}, element('h3', {}, 'Commands'));
  const say = (text) => part.append(element('p', {class: 'quiet'}, text));
  if (run.ingested) {
    say(`The record has no weights of this run, because another program trained it: measure its folder with ${program} probe FOLDER.`);
    return part;
  }
  if (run.algorithm === 'lookup-table') {
    say('A table of the true conditionals has no weights to export, to train again or to probe.');
    return part;
  }
  const target = choices.points === 'all' || choices.points === 'last' ? null : Number(choices.points);
  const point = run.checkpoints.find((one) => target !== null && one.matched.includes(target)) ?? run.checkpoints.at(-1);
  const listed = [
    ...(point ? [[`${program} export ${run.id} ${point.step} --out model-${run.id}-${point.step}`, `writes the checkpoint after ${plural(point.step, 'step')} as a folder for transformers`],
      [`${program} probe model-${run.id}-${point.step}`, 'measures that folder']] : []),
    [`${program} reproduce ${run.id}`, 'trains the run again and compares every bit'],
  ];
  for (const [command, what] of listed) {
    const code = element('code', {tabindex: 0}, command);
    part.append(element('div', {class: 'command'}, code, copyButton(`Copy the command that ${what}`, () => command, code), element('span', {class: 'quiet'}, what)));
  }
  say('They read the newest record below the folder in which they are started; --data FOLDER or --bootstrap HOST:PORT name another.');
  return part;
}

function build(dialog, runs, study, choices) {
  const one = runs.length === 1 ? runs[0] : null;
  const close = element('button', {type: 'button', class: 'close', 'aria-label': 'Close'}, '✕');
  close.addEventListener('click', () => dialog.close());
  const act = (text, action) => {
    const button = element('button', {type: 'button'}, text);
    button.addEventListener('click', action);
    return button;
  };
  dialog.replaceChildren(
    element('header', {}, element('h2', {id: 'panel-title'}, one ? one.label : `${count(runs.length)} runs side by side`),
      ...(one ? [picture(one.place),
        act(selection.selects(one.id) ? 'Deselect' : 'Select', () => selection.toggleSelected(one.id)),
        act('Hide', () => {
          selection.toggleHidden('run', one.id);
          dialog.close();
        })] : []),
      close),
    element('div', {class: 'triple'}, ...['excess', 'trace', 'accuracy'].map((kind) => element('figure', {class: 'plot', id: `panel-${kind}`}))),
    configurationTable(runs, study),
    ...(one ? [checkpoints(one, study, choices), commands(one, study, choices)] : [comparedTable(runs, study, choices)]));
}

/** Opens, fills or closes the panel, as the selection says. What somebody opened in it stays open until the run changes. */
export function draw(study, choices, ages) {
  const dialog = byId('panel');
  if (!dialog.dataset.watched) {
    dialog.dataset.watched = 'yes';
    dialog.addEventListener('close', () => selection.close());
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  }
  const {run, compare, selected} = selection.current();
  const wanted = compare ? [...selected] : run ? [run] : [];
  const runs = wanted.flatMap((id) => study.runs.find((one) => one.id === id) ?? []);
  if (runs.length === 0) {
    if (dialog.open) dialog.close();
    drawn = '';
    return;
  }
  const key = JSON.stringify([study.id, runs.map((one) => [one.id, one.checkpoints.length, one.step, one.state]), choices.measure, choices.task, choices.protocol,
    choices.points, compare, [...selected]]);
  if (key !== drawn) {
    const opened = new Set([...dialog.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent));
    const scrolled = dialog.scrollTop;
    build(dialog, runs, study, choices);
    for (const details of dialog.querySelectorAll('details')) details.open = opened.has(details.firstChild.textContent);
    drawn = key;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = scrolled;
  }
  drawCurves(study, choices, ages, runs, (kind) => byId(`panel-${kind.id}`));
}
