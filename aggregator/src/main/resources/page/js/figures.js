// The two figures that the page is about: flatness against accuracy beside loss against accuracy, on one scale of accuracy.

import {absent, comparisonsAt, rowOf} from './answer.js';
import {byId, element, keyed, setAttributes, setText} from './dom.js';
import {extent} from './curves.js';
import {count, estimate, level, plain} from './format.js';
import {picture} from './marks.js';
import {scatter} from './scatter.js';
import {hides, shows, tag, toggleHidden} from './selection.js';
import {accuracyFacts, findingTip, flatnessFacts, lossFacts} from './tell.js';
import {lines, part} from './tip.js';
import {measure} from './words.js';

/** The checkpoints that the choice names, of the runs that are shown, each with its run; strong ones are drawn large and with error bars. */
export function chosenCheckpoints(study, choices) {
  return study.runs.filter(shows).flatMap((run) => {
    if (choices.points === 'last') return run.checkpoints.filter((point) => point.last).map((point) => ({run, point, strong: true}));
    if (choices.points === 'all') return run.checkpoints.map((point) => ({run, point, strong: point.matched.length > 0}));
    const target = Number(choices.points);
    return run.checkpoints.filter((point) => point.matched.includes(target)).map((point) => ({run, point, strong: true}));
  });
}

/** −ln of a positive trace with its interval; where nothing bounds it above, a bar as long as a factor of ten. */
export const flatness = (flat) => (flat?.flatness ? {...flat.flatness, high: flat.flatness.high ?? flat.flatness.value + Math.LN10} : null);

/** Those facts of a list that have these names. */
const facts = (all, ...names) => all.filter((fact) => fact && names.includes(fact[0]));

function collect(study, choices, ages) {
  const named = measure(choices.measure);
  return chosenCheckpoints(study, choices).flatMap(({run, point, strong}) => {
    const down = point.downstream.get(`${choices.task}/${choices.protocol}`);
    if (!down) return [];
    const flat = point.flatness.get(choices.measure);
    const key = `${run.id}:${point.step}`;
    ages.see(`point:${key}`, [down.accuracy.value, flat?.value]);
    const tip = (first, ...about) => lines(`${run.label}, step ${count(point.step)}`, first, ['above untrained', estimate(down.aboveUntrained)],
      ...about, part(`Accuracy on ${choices.task}`), ...facts(accuracyFacts(down), 'accuracy', 'unit', 'n', 'seed', 'estimator'),
      ['age', ages.of(`point:${key}`, [down.accuracy.value, flat?.value])]);
    const flatTip = () => tip(['flatness', flatness(flat) ? estimate({...flatness(flat), stderr: flat.stderr / flat.value}) : 'no positive trace'],
      part('Flatness'), ...(flat ? facts(flatnessFacts(flat), named.symbol, 'unit', 'n', 'seed') : []), ['estimator', flat?.estimator]);
    const lossTip = () => tip([study.loss.quantity, estimate(point.loss)],
      part('Loss'), ...facts(lossFacts(study.loss, point.loss, point.sentences, point.validationSeed), 'unit', 'n', 'seed', 'estimator'));
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
  if (study.ended) return study.runs.some(shows) ? 'No run that is shown has such a checkpoint with both measurements, and none is to come.' : 'All runs are hidden.';
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
  drawSizes(study);
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
  const compared = comparisonsAt(study, choices.points).find((one) => one.id === choices.comparison);
  // Statistic and words are the server's row: the same that the headline is of.
  const caption = (what, row, column) => (row
    ? {text: `${compared.name[0].toUpperCase()}${compared.name.slice(1)}: ${row.numbers}${row.follows ? ' (interval of an earlier revision)' : ''}`,
      tip: findingTip(what, row, study, ages.of(`row:${row.key}`, row.finding.value))}
    : {text: compared ? absent(compared, column, study) : ''});
  const common = (what, row, column, name) => ({
    finding: caption(what, row, column),
    name: `${study.id}-${name}-${choices.points}-${choices.task}-${choices.protocol}`,
    table: () => table(study, choices, points),
    sizes: study.sizes, levels, y: vertical,
  });
  const drawn = (across, unit, tip) => points.flatMap((point) => {
    const x = across(point);
    if (!x) return [];
    return [{key: point.key, run: point.run.id, size: point.run.place, strong: point.strong, x, y: point.y, tip: () => tip(point),
      label: shown(`${point.run.label} at step ${point.point.step}, ${unit}`, x.value, point.y.value)}];
  });

  const flat = (point) => flatness(point.flat);
  const left = drawn(flat, `flatness by ${named.name}`, (point) => point.flatTip());
  scatter(byId('figure-flatness'), {
    ...common('Flatness and accuracy', rowOf(study, choices, choices.about), 'flatness', `flatness-${choices.measure}`),
    title: 'Flatness against accuracy',
    empty: words(study, choices, left),
    points: left, trails: trails(study, choices, points, flat),
    x: {extent: extent(left.flatMap((point) => (point.strong ? [point.x.low, point.x.high] : [point.x.value])), [-7, -4]),
      label: `flatness −ln ${named.symbol} · flatter →`},
  });

  const loss = (point) => point.point.loss;
  const right = drawn(loss, `${study.loss.quantity} in nats`, (point) => point.lossTip());
  const losses = right.flatMap((point) => (point.strong ? [point.x.low, point.x.high] : [point.x.value]));
  const target = Number(choices.points);
  const bands = study.levels.map((from) => ({from: from - study.band, to: from, strong: from === target, text: `matched at ${level(from)}`}));
  const seen = Number.isFinite(target) ? [...losses, target, target - study.band] : losses;
  scatter(byId('figure-loss'), {
    ...common('Loss and accuracy', rowOf(study, choices, 'loss'), 'loss', 'loss'),
    title: 'Loss against accuracy',
    empty: words(study, choices, right),
    points: right, trails: trails(study, choices, points, loss), bands,
    x: {extent: extent(seen, [0.1, 2]), log: true, label: `← better · ${study.loss.quantity}, nats`},
  });
  setText(byId('rooms'), rooms(points));
  const caution = parameterisation(study, choices);
  setText(byId('parameterisation'), caution);
  byId('parameterisation').hidden = caution === '';
}

/** The sizes with their marks: one is hidden and shown again by its button. */
function drawSizes(study) {
  byId('sizes').hidden = study.sizes.length === 0;
  keyed(byId('sizes-list'), study.sizes, (size) => `${size.place} ${size.name}`,
    (size) => {
      const button = element('button', {'type': 'button', 'data-hides': tag('size', size.name)}, picture(size.place), ' ', size.name);
      button.addEventListener('click', () => toggleHidden('size', size.name));
      return element('li', {}, button);
    },
    (item, size) => setAttributes(item.firstChild, {'aria-pressed': !hides('size', size.name), 'title': `${hides('size', size.name) ? 'Show' : 'Hide'} the runs of ${size.name}`}));
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

/** A caution where runs of several parameterisations are compared; nothing where the comparison is within one. */
function parameterisation(study, choices) {
  const row = rowOf(study, choices, choices.measure);
  const within = (what) => row && (row.comparison === `matched-within-${what}` || (row.comparison === 'matched-within' && row.conditionedOn.includes(what)));
  const several = (what, of) => new Set(study.runs.map(of)).size > 1 && !within(what);
  const sizes = several('size', (run) => run.size);
  const rates = several('rate', (run) => run.learningRate);
  if (choices.measure === 'adaptive.trace') {
    return sizes ? 'The adaptive trace measures every weight in units of its own size, which removes the scale of the weights; '
      + 'traces of networks of different sizes still have different parameterisations.' : '';
  }
  return [
    sizes && 'Raw traces of networks of different sizes have different parameterisations: compare “within a size” too.',
    rates && 'A larger learning rate changes the raw trace far more than the accuracy: compare “within a rate” too.',
  ].filter(Boolean).join(' ');
}
