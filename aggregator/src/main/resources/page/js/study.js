// What the server sends, made into what the page draws. The one place that knows the shapes on the wire.

import {count, plural} from './format.js';
import {STATISTICS, topic as nameOf} from './words.js';

const rowKey = (row) => [row.comparison, row.level ?? '', row.measure, row.task, row.protocol, row.statistic, (row.conditionedOn ?? []).join('+')].join('|');

/** Of several estimators' measurements of one quantity the first stands, as on the server. */
const firstOf = (list, keyOf) => new Map(list.toReversed().map((one) => [keyOf(one), one]));

const checkpointOf = (point) => ({
  ...point,
  sent: point,
  // Left out where there is none.
  spectra: point.spectra ?? [],
  flatness: firstOf(point.flatness, (flat) => flat.quantity),
  downstream: firstOf(point.downstream, (down) => `${down.task}/${down.protocol}`),
});

const made = new WeakMap();

/** Made once of what was sent: a run that does not change stays the same object from one view to the next. */
function once(sent, make) {
  if (!made.has(sent)) made.set(sent, make(sent));
  return made.get(sent);
}

const runOf = (run, place, settings) => ({
  ...run,
  id: run.runId,
  place,
  setting: settings.find((one) => one.arm === run.arm) ?? null,
  checkpoints: run.checkpoints.map(checkpointOf),
});

/** Whether nothing more comes by itself. */
const hasEnded = (state) => ['done', 'incomplete', 'failed', 'cancelled'].includes(state);

/** The question that the headline answers; before there is one, the first of everything. */
function primaryOf(view) {
  const row = view.rows.find((one) => one.primary);
  return row ?? {level: view.levels.at(-1) ?? null, measure: view.measures[0], task: view.tasks[0], protocol: view.protocols[0], statistic: STATISTICS[0]};
}

/** What ought not to be, in words; null where nothing is amiss. */
function troubleOf(view) {
  const failed = view.runs.filter((run) => run.state === 'failed');
  const {done} = view;
  if (view.state === 'incomplete') {
    return `Incomplete: some work became dead letters, so the study does not continue by itself. ${done.ended} of ${plural(done.runs, 'run')} ended, `
      + `${count(done.measured)} of ${plural(done.measurements, 'measurement')} exist; the numbers stay provisional.`;
  }
  if (view.state === 'cancelled') return 'Cancelled: resume the study to continue it; until then the numbers stay provisional.';
  if (view.state === 'paused') return 'Paused: resume the study to continue it; until then the numbers stay provisional.';
  if (failed.length === 0) return null;
  const first = `${failed[0].label} at step ${count(failed[0].step)}: ${failed[0].reason}`;
  if (view.state === 'failed') return `Every run failed. The first, ${first}`;
  return failed.length === 1 ? `A run failed, ${first}` : `${count(failed.length)} runs failed; the first, ${first}`;
}

/** Reads a view. */
export function read(view) {
  const sizes = view.sizes.map((size, place) => ({...size, place}));
  const place = new Map(sizes.map((size) => [size.name, size.place]));
  const settings = view.settings ?? [];
  // While intervals are to follow the view says of which revision all were there last, and the rows concerned are marked.
  const follows = view.intervalsOf !== undefined;
  const rows = new Map(view.rows.map((row) => once(row, () => [rowKey(row), {...row, level: row.level ?? null, key: rowKey(row)}])));
  const asked = new Set(view.rows.map((row) => row.statistic));
  const heldKey = ({comparison, level: at, conditionedOn}) => [comparison, at ?? '', conditionedOn.join('+')].join('|');
  const statistics = STATISTICS.filter((statistic) => asked.size === 0 || asked.has(statistic));
  return {
    ...view,
    id: view.studyId,
    // Left out where there is one arm alone.
    arms: view.arms ?? [],
    headline: {text: view.headline, more: view.more},
    sizes,
    statistics,
    rowList: [...rows.values()],
    comparisons: new Set(view.rows.map((row) => row.comparison)),
    // Rows in which more is held than their comparison says, each once.
    conditionedOn: [...new Map(view.rows.filter((row) => row.conditionedOn).map(({comparison, level: at = null, conditionedOn}) => {
      const one = {comparison, level: at, conditionedOn};
      return [heldKey(one), one];
    })).values()],
    rankings: view.rankings ?? [],
    // Left out where no protocol has several numbers of labels.
    budgets: view.budgets ?? [],
    claim: view.claim ? {...view.claim, row: view.rows.find((row) => row.registration === 'registered') ?? null} : null,
    primary: primaryOf(view),
    intervals: follows ? view.intervalsOf?.events ?? 0 : view.revision.events,
    ended: hasEnded(view.state),
    runs: view.runs.map((run) => once(run, () => runOf(run, place.get(run.size), settings))),
    trouble: troubleOf(view),
    progress: {fraction: view.state === 'done' ? 1 : 0, remaining: null, left: new Map(), ...view.done},
    pipeline: [],
    /** The row asked for, or the same question under the statistic that it was answered with. */
    row(wanted, {task, protocol}) {
      return [wanted.statistic, ...STATISTICS].map((statistic) => rows.get(rowKey({...wanted, task, protocol, statistic})))
        .find((row) => row !== undefined);
    },
  };
}

/** A study before any is known, so that the page has its final form from the start. */
export const nothing = () => read({
  studyId: '', name: 'Basin', state: 'nothing', revision: {events: 0, digest: ''},
  headline: 'Nothing has been measured yet.', more: 'No study has been submitted.',
  levels: [], band: 0, seed: 0, confidence: 0.95, pointConfidence: 0.95, loss: {quantity: 'excess loss', level: 'excess', kind: 'excess', estimator: ''}, optimum: null,
  sizes: [], tasks: [], protocols: [], measures: ['hessian.trace', 'fisher.trace', 'adaptive.trace'], done: {runs: 0, ended: 0, measurements: 0, measured: 0}, runs: [], rows: [],
});

/** Puts what is known of the progress into a study; both come apart from each other. */
export function withProgress(study, progress) {
  if (!progress || progress.studyId !== study.id) return study;
  const left = new Map(progress.runs.map((run) => [run.runId, run.remainingSeconds]));
  return {
    ...study,
    progress: {...study.progress, left, fraction: study.state === 'done' ? 1 : progress.fraction, remaining: progress.remainingSeconds},
    pipeline: factsOf(progress.pipeline),
  };
}

function factsOf({events, workInFlight, duplicates, conflicts, malformed, deadLetters}) {
  const bad = (key, name, value, said) => ({key, name, value, trouble: value > 0, tip: [said]});
  return [
    ...events.map(({topic, events: read}) => ({key: topic, name: nameOf(topic), value: read, trouble: false,
      tip: [['topic', topic], ['unit', 'events read']]})),
    {key: 'in-flight', name: 'Work in flight', value: workInFlight, trouble: false, tip: [['unit', 'work items'], 'Started by this process and not finished.']},
    {key: 'duplicates', name: 'Duplicates', value: duplicates, trouble: false, tip: [['unit', 'events'], 'Delivered again and counted once; harmless.']},
    bad('conflicts', 'Conflicts', conflicts, 'Event ids with more than one content. The smaller content is used, everywhere the same.'),
    bad('malformed', 'Malformed', malformed, 'Records that are not events; each goes to the dead-letter topic.'),
    bad('dead-letters', 'Dead letters', deadLetters, 'Records and work that could not be processed; the command dead-letters lists them.'),
  ];
}

/** Reads the list of studies. */
export const readList = (list) => list.map(({studyId, name, state}) => ({id: studyId, name, state}));

/** A choice of points as the address has it. */
export const pointsOf = (primary) => (primary.level === null ? 'last' : String(primary.level));

