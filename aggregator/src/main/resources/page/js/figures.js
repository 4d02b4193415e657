// The two figures that the page is about: flatness against accuracy beside loss against accuracy, on one scale of accuracy.

import {byId, setText} from './dom.js';
import {extent} from './curves.js';
import {count, level, plain} from './format.js';
import {scatter} from './scatter.js';
import {accuracyFacts, findingText, findingTip, flatnessFacts, lossFacts, runFacts} from './tell.js';
import {lines, part} from './tip.js';
import {measure} from './words.js';

const COMPARISON = {last: 'raw', all: 'all-checkpoints'};

/** The checkpoints that the choice names, each with its run; strong ones are drawn large and with error bars. */
export function chosenCheckpoints(study, choices) {
  return study.runs.flatMap((run) => {
    if (choices.points === 'last') return run.checkpoints.filter((point) => point.last).map((point) => ({run, point, strong: true}));
    if (choices.points === 'all') return run.checkpoints.map((point) => ({run, point, strong: point.matched.length > 0}));
    const target = Number(choices.points);
    return run.checkpoints.filter((point) => point.matched.includes(target)).map((point) => ({run, point, strong: true}));
  });
}

/** −ln of a positive trace with its interval; where nothing bounds it above, a bar as long as a factor of ten. */
export const flatness = (flat) => (flat?.flatness ? {...flat.flatness, high: flat.flatness.high ?? flat.flatness.value + Math.LN10} : null);

/** The row of the table that a figure shows. */
export function rowOf(study, choices, column) {
  const comparison = COMPARISON[choices.points] ?? 'matched';
  const target = comparison === 'matched' ? Number(choices.points) : null;
  return study.row({comparison, level: target, measure: column, statistic: choices.statistic}, choices);
}

function collect(study, choices, ages) {
  const named = measure(choices.measure);
  return chosenCheckpoints(study, choices).flatMap(({run, point, strong}) => {
    const down = point.downstream.get(`${choices.task}/${choices.protocol}`);
    if (!down) return [];
    const flat = point.flatness.get(choices.measure);
    const key = `${run.id}:${point.step}`;
    const tip = (facts) => lines(
      `${run.label}, step ${count(point.step)}`, ...facts, part(`Accuracy on ${choices.task}`), ...accuracyFacts(down), part('Run'), ...runFacts(run),
      ['age', ages.of(`point:${key}`, [down.accuracy.value, flat?.value])]);
    const flatTip = () => tip([part('Flatness'), ['flatness', flatness(flat) ? `−ln ${named.symbol} = ${plain(flatness(flat).value)}` : 'no positive trace'],
      ...flatnessFacts(flat)]);
    const lossTip = () => tip([part('Loss'), ...lossFacts(study.loss, point.loss, point.sentences, point.validationSeed)]);
    return [{key, run, point, strong, down, flat, flatTip, lossTip, y: down.aboveUntrained}];
  });
}

function table(study, choices, points) {
  return points.map(({run, point, strong, down, flat}) => ({
    study: study.id, revision: study.revision.events, run: run.id, label: run.label, size: run.size, learning_rate: run.learningRate, seed: run.seed,
    step: point.step, matched_levels: point.matched.join(' '), emphasised: strong,
    loss: point.loss.value, loss_stderr: point.loss.stderr, loss_kind: study.loss.kind,
    measure: choices.measure, trace: flat?.value, trace_stderr: flat?.stderr, flatness: flat && flatness(flat)?.value,
    task: choices.task, protocol: choices.protocol,
    accuracy: down.accuracy.value, accuracy_stderr: down.accuracy.stderr,
    above_untrained: down.aboveUntrained.value, above_untrained_stderr: down.aboveUntrained.stderr,
    untrained: down.untrained.value, majority_baseline: down.majorityBaseline, bayes_accuracy: down.bayesAccuracy?.value,
  }));
}

const shown = (name, x, y) => `${name}: ${plain(x)}, ${plain(y)} above untrained`;

function words(study, choices, points) {
  if (points.length > 0) return '';
  if (choices.points !== 'all' && choices.points !== 'last') {
    return `Nothing yet: a point appears when a run has reached ${level(Number(choices.points))} nats and has been evaluated.`;
  }
  return choices.points === 'last' ? 'Nothing yet: a point appears when a run has ended and has been evaluated.'
    : 'Nothing yet: the first point appears when a checkpoint has been measured and evaluated.';
}

function trails(study, choices, points, across) {
  if (choices.points !== 'all') return [];
  return d3.groups(points, (point) => point.run).map(([run, own]) => ({
    key: run.id, run: run.id, size: run.place,
    points: d3.sort(own, (point) => point.point.step).flatMap((point) => {
      const x = across(point);
      return x ? [{x: x.value, y: point.y.value}] : [];
    }),
  }));
}

/** Draws both. */
export function draw(study, choices, ages) {
  const named = measure(choices.measure);
  const points = collect(study, choices, ages);
  const strong = points.filter((point) => point.strong);
  const vertical = {
    extent: extent([...points.map((point) => point.y.value), ...strong.flatMap((point) => [point.y.low, point.y.high])], [0, 0.4]),
    label: '↑ better · accuracy above the untrained network',
  };
  const best = d3.min(points.filter((point) => point.down.bayesAccuracy), (point) => point.down.bayesAccuracy.value - point.down.untrained.value);
  const levels = [
    {y: 0, text: 'untrained network'},
    ...(best === undefined ? [] : [{y: best, text: 'best possible'}]),
  ];
  const common = (what, row, name) => ({
    finding: row ? {text: findingText(row, study.confidence), tip: findingTip(what, row, study, ages.of(`row:${row.key}`, row.finding.value))}
      : {text: ''},
    name: `${study.id}-${name}-${choices.points}-${choices.task}-${choices.protocol}`,
    table: () => table(study, choices, points),
    sizes: study.sizes, levels, y: vertical,
  });
  const drawn = (across, unit, tip) => points.flatMap((point) => {
    const x = across(point);
    if (!x) return [];
    return [{key: point.key, run: point.run.id, size: point.run.place, strong: point.strong, x, y: point.y, tip: tip(point),
      label: shown(`${point.run.label} at step ${point.point.step}, ${unit}`, x.value, point.y.value)}];
  });

  const flat = (point) => flatness(point.flat);
  const left = drawn(flat, `flatness by ${named.name}`, (point) => point.flatTip());
  scatter(byId('figure-flatness'), {
    ...common('Flatness and accuracy', rowOf(study, choices, choices.measure), `flatness-${choices.measure}`),
    title: 'Flatness against accuracy',
    empty: words(study, choices, left),
    points: left, trails: trails(study, choices, points, flat),
    x: {extent: extent(left.flatMap((point) => (point.strong ? [point.x.low, point.x.high] : [point.x.value])), [-7, -4]),
      label: `flatness −ln ${named.symbol} · flatter is to the right →`},
  });

  const loss = (point) => point.point.loss;
  const right = drawn(loss, `${study.loss.quantity} in nats`, (point) => point.lossTip());
  const losses = right.flatMap((point) => (point.strong ? [point.x.low, point.x.high] : [point.x.value]));
  const target = Number(choices.points);
  const bands = study.levels.map((from) => ({from: from - study.band, to: from, strong: from === target, text: `matched at ${level(from)}`}));
  const seen = Number.isFinite(target) ? [...losses, target, target - study.band] : losses;
  scatter(byId('figure-loss'), {
    ...common('Loss and accuracy', rowOf(study, choices, 'loss'), 'loss'),
    title: 'Loss against accuracy',
    empty: words(study, choices, right),
    points: right, trails: trails(study, choices, points, loss), bands,
    x: {extent: extent(seen, [0.1, 2]), reversed: true, log: true, label: `${study.loss.quantity}, nats · lower loss is to the right →`},
  });
  setText(byId('rooms'), rooms(points));
  setText(byId('parameterisation'), parameterisation(study, choices));
}

/** The room that the accuracies have. */
function rooms(points) {
  if (points.length === 0) return 'Bars are 95 % intervals.';
  const ceilings = points.flatMap((point) => point.down.bayesAccuracy ?? []);
  const span = (values) => {
    const [low, high] = d3.extent(values);
    return high - low < 0.005 ? low.toFixed(2) : `${low.toFixed(2)} to ${high.toFixed(2)}`;
  };
  return `Bars are 95 % intervals. Reference accuracies: most frequent label ${span(points.map((point) => point.down.majorityBaseline))}, `
    + `untrained network ${span(points.map((point) => point.down.untrained.value))}, `
    + `best possible ${ceilings.length > 0 ? span(ceilings.map((ceiling) => ceiling.value)) : 'unknown'}.`;
}

function parameterisation(study, choices) {
  if (choices.measure === 'adaptive.trace') {
    return 'The adaptive trace measures every weight in units of its own size, which removes the scale of the weights; '
      + 'traces of networks of different sizes still have different parameterisations.';
  }
  return 'Raw traces of networks of different sizes have different parameterisations, and a larger learning rate changes the raw trace far more '
    + 'than the accuracy: read the rows “within a size” and “within a rate” of the table before you compare across them.';
}
