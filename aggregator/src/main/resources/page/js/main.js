// Wires the page: the address, the connection, the controls and the parts that draw.

import * as address from './address.js';
import {comparisonsAt, idOf, levelOf, rowOf} from './answer.js';
import * as beside from './beside.js';
import * as budgets from './budgets.js';
import {ages as newAges} from './ages.js';
import * as arms from './arms.js';
import * as asked from './asked.js';
import {follow, generations as askGenerations, links, recordFaults, studies} from './connection.js';
import {choices as drawChoices, list} from './controls.js';
import {byId, element, keyed, setAttributes, setText} from './dom.js';
import {count, duration, level, plural} from './format.js';
import {axesOf} from './curves.js';
import * as figures from './figures.js';
import * as generations from './generations.js';
import * as ranking from './ranking.js';
import * as pipeline from './pipeline.js';
import * as panel from './panel.js';
import * as runs from './runs.js';
import * as selection from './selection.js';
import * as spectrum from './spectrum.js';
import {nothing, pointsOf, read, readList, withProgress} from './study.js';
import * as table from './table.js';
import * as tip from './tip.js';
import {measure, state as stateOf, statistic} from './words.js';
import * as zoom from './zoom.js';

const LIST_EVERY = 5000;

let study = nothing();
let progress = null;
let chosen = address.read();
/** What an address says of the figures' axes, until the figures are drawn. */
let zooms = chosen.zoom;
let ages = newAges();
let stop = null;
let drawing = null;
let lastHeard = null;
let following = null;
let grafana = null;
let known = [];
let offered = '';

function complete(given) {
  const pick = (value, possible, otherwise) => [value, otherwise].find((one) => possible.includes(one)) ?? possible[0];
  const points = pick(given.points, [...study.levels.map(String), 'last', 'all'], pointsOf(study.primary));
  // A claim may be about the loss or the difference; then that is what is answered until another measure is chosen.
  const about = pick(given.measure, [...study.measures, study.primary.measure], study.primary.measure);
  return {
    study: study.id,
    points,
    comparison: pick(given.comparison, comparisonsAt(study, points).map((one) => one.id), idOf(study.primary)),
    about,
    measure: pick(about, study.measures),
    task: pick(given.task, study.tasks, study.primary.task),
    protocol: pick(given.protocol, study.protocols, study.primary.protocol),
    statistic: pick(given.statistic, study.statistics, study.primary.statistic),
    axis: pick(given.axis, axesOf(study).map((one) => one.id)),
    spectrum: spectrum.runsWith(study).some((run) => run.id === given.spectrum) ? given.spectrum : undefined,
  };
}

/** The choices as the address has them. */
const addressed = ({about, axis, ...choices}) => ({
  ...choices, measure: about, axis: axis === axesOf(study)[0].id ? '' : axis, zoom: zooms ?? zoom.toAddress(), ...selection.toAddress(),
});

function choose(change) {
  chosen = {...chosen, ...change};
  draw();
}

function drawControls(choices) {
  drawChoices('control-points', [
    ...study.levels.map((value) => ({value: String(value), text: level(value), title: `first checkpoint at or below ${level(value)} nats ${study.loss.quantity}`})),
    {value: 'last', text: 'last', title: 'last checkpoint of every run'},
    {value: 'all', text: 'all checkpoints', title: 'all checkpoints of every run'},
  ], choices.points, (points) => choose({points}));
  drawChoices('control-comparison', comparisonsAt(study, choices.points).map(({id, name}) => ({value: id, text: name})),
    choices.comparison, (comparison) => choose({comparison}));
  drawChoices('control-measure', study.measures.map((id) => ({value: id, text: measure(id).name, title: measure(id).title})),
    choices.about, (value) => choose({measure: value}));
  drawChoices('control-statistic', study.statistics.map((id) => ({value: id, text: `${statistic(id).name} ${statistic(id).symbol}`})),
    choices.statistic, (statistic) => choose({statistic}));
  drawChoices('control-axis', axesOf(study).map(({id, name, label}) => ({value: id, text: name, title: label})), choices.axis, (axis) => choose({axis}));
  const options = (values) => values.map((value) => ({value, text: value}));
  list('control-task', options(study.tasks), choices.task, (task) => choose({task}));
  list('control-protocol', options(study.protocols), choices.protocol, (protocol) => choose({protocol}));
}

function drawAnswer(choices) {
  document.querySelectorAll('#how .above-optimum').forEach((reported) => { reported.hidden = study.loss.kind !== 'excess'; });
  document.querySelectorAll('#how .held-out').forEach((reported) => { reported.hidden = study.loss.kind === 'excess'; });
  const headline = byId('headline');
  // The answer to what is chosen: the very row that the first figure's caption and the marked row of the table show.
  const row = rowOf(study, choices, choices.about);
  const own = !row || row.primary;
  setText(headline, own ? study.headline.text : row.answer);
  setAttributes(headline, {'data-revision': study.revision.events, 'data-row': row?.key});
  setText(byId('more'), own ? study.headline.more ?? '' : row.finding.note);
  byId('own').classList.toggle('none', own);
  const claim = byId('claim');
  setText(claim, study.claim
    ? `Registered claim, ${study.claim.verdict}: ${study.claim.statement} SHA-256 ${study.claim.sha256}. All else here is exploratory.`
    : 'No claim was registered: everything here is exploratory.');
  claim.dataset.verdict = study.claim?.verdict ?? 'none';
  const state = byId('state');
  setText(state, stateOf(study.state));
  state.dataset.state = study.state;
  const trouble = byId('trouble');
  trouble.hidden = !study.trouble;
  setText(trouble, study.trouble ?? '');
  drawProgress();
}

function drawProgress() {
  const {fraction, ended, runs: declared, measured, measurements, remaining} = study.progress;
  const bar = byId('progress');
  bar.value = fraction;
  bar.dataset.state = study.state;
  const parts = [];
  if (declared > 0) parts.push(`${ended} of ${plural(declared, 'run')} ended`);
  if (measurements > 0) parts.push(`${count(measured)} of ${plural(measurements, 'measurement')}${study.state === 'done' ? '' : ' of the checkpoints so far'}`);
  if (study.state === 'running' && remaining !== null) parts.push(`about ${duration(remaining)} left`);
  setText(byId('progress-text'), parts.join(' · '));
}

/** Grafana's dashboard of the study with the same choices; nothing where nobody said where Grafana is. */
function drawGrafana(choices) {
  if (!grafana) return;
  const target = new URL('d/basin-study', grafana.endsWith('/') ? grafana : `${grafana}/`);
  if (study.id) {
    const {study: id, task, protocol, statistic} = choices;
    const same = {study: id, quantity: choices.measure, task, protocol, statistic};
    if ([...study.levels.map(String), 'last'].includes(choices.points)) same.level = choices.points;
    Object.entries(same).forEach(([name, value]) => target.searchParams.set(`var-${name}`, value));
  }
  byId('link-grafana').href = target.href;
  byId('elsewhere').hidden = false;
}

function drawLinks() {
  const base = `/api/studies/${encodeURIComponent(study.id)}`;
  document.title = study.id ? `${study.name} · ${stateOf(study.state)} · Basin` : 'Basin';
  if (!study.id) return;
  byId('link-json').href = base;
  document.querySelectorAll('[data-table]').forEach((link) => { link.href = `${base}/${link.dataset.table}.csv`; });
  setText(byId('revision'), `Revision: ${plural(study.revision.events, 'event')}, digest ${study.revision.digest}.${
    study.intervals < study.revision.events ? ` Intervals: not older than ${plural(study.intervals, 'event')}; the rest follow.` : ''}`);
}

/** Draws everything, once a frame at most. */
function draw() {
  if (drawing !== null) return;
  drawing = requestAnimationFrame(() => {
    drawing = null;
    const choices = complete(chosen);
    drawAnswer(choices);
    drawControls(choices);
    figures.draw(study, choices, ages);
    table.draw(study, choices, ages, choose);
    arms.draw(study, choices, ages);
    ranking.draw(study, choices, ages);
    budgets.draw(study, choices, ages);
    asked.draw(study);
    generations.draw(study, choices, draw);
    runs.draw(study, choices, ages);
    spectrum.draw(study, choices, ages, choose);
    beside.draw(study, choices, known);
    panel.draw(study, choices, ages);
    pipeline.draw(study.pipeline);
    drawLinks();
    drawGrafana(choices);
    tip.refresh();
    if (study.id) {
      if (zooms !== undefined) zoom.fromAddress(zooms);
      zooms = undefined;
      address.write(addressed(choices));
    }
    document.documentElement.dataset.revision = String(study.revision.events);
  });
}

function connection(state) {
  const chip = byId('connection');
  const lost = byId('lost');
  chip.dataset.connection = state;
  setText(chip, state === 'live' ? 'live' : 'no connection');
  lost.hidden = state === 'live';
  if (state === 'live') {
    lastHeard = Date.now();
    return;
  }
  const since = lastHeard === null || !study.id ? '' : ` The page shows the state at ${new Date(lastHeard).toLocaleTimeString('en-GB')}.`;
  setText(lost, `The connection to Basin is lost.${since} Reconnecting automatically.`);
}

function open(id) {
  stop?.();
  following = id;
  ages = newAges();
  stop = follow(id, {
    onView: (view) => {
      study = withProgress(read(view), progress);
      draw();
    },
    onProgress: (given) => {
      // Comes every second, so only what shows it is drawn.
      progress = given;
      study = withProgress(study, progress);
      drawProgress();
      runs.drawProgress(study);
      pipeline.draw(study.pipeline);
      tip.refresh();
    },
    onState: connection,
  });
}

async function start() {
  tip.start();
  watchHighlights();
  selection.start();
  selection.fromAddress(chosen);
  selection.onChange(draw);
  zoom.onChange(() => { if (study.id) address.write(addressed(complete(chosen))); });
  byId('own').addEventListener('click', () => {
    const {study: same, spectrum: kept} = chosen;
    chosen = {study: same, spectrum: kept};
    draw();
  });
  address.onChange((given) => {
    selection.fromAddress(given);
    const other = given.study !== following && [...byId('study').options].some((option) => option.value === given.study);
    chosen = given;
    zooms = given.zoom ?? '';
    if (other) open(given.study);
    else draw();
  });
  addEventListener('resize', draw);
  draw();
  linkElsewhere().catch(() => {});
  await findStudies();
}

/** Learns where Grafana is, and how the program is started. */
async function linkElsewhere() {
  const {grafana: place, program} = await links();
  grafana = place;
  if (program) panel.startedBy(program);
  draw();
}

/** Says what is wrong with the record, above everything that is computed from it. */
function drawFaults(faults) {
  const place = byId('record-faults');
  place.hidden = faults.length === 0;
  keyed(place, faults, (fault) => fault, () => element('p', {class: 'trouble'}), setText);
}

/** Looks what studies there are, again and again: others may be submitted at any time. */
async function findStudies() {
  try {
    drawFaults(await recordFaults());
    known = readList(await studies());
    if (following === null) connection('live');
    if (known.length > 0) {
      const ids = known.map((one) => one.id);
      if (following === null) open(ids.includes(chosen.study) ? chosen.study : ids[0]);
      list('study', known.map((one) => ({value: one.id, text: one.name})), following, (other) => {
        chosen = {...chosen, study: other};
        selection.fromAddress({beside: selection.current().beside});
        open(other);
      });
      const others = JSON.stringify(known);
      const changed = others !== offered;
      offered = others;
      if (generations.know(await askGenerations(following)) || changed) draw();
    }
  } catch {
    if (following === null) connection('lost');
  }
  setTimeout(findStudies, following === null ? 1000 : LIST_EVERY);
}

/** A run under the pointer or the focus stands out everywhere. */
function watchHighlights() {
  let current = null;
  const light = (event) => {
    const run = event.target.closest?.('[data-run]')?.dataset.run ?? null;
    if (run === current) return;
    document.querySelectorAll('.hot').forEach((node) => node.classList.remove('hot'));
    current = run;
    if (run !== null) document.querySelectorAll(`[data-run="${CSS.escape(run)}"]`).forEach((node) => node.classList.add('hot'));
  };
  document.addEventListener('pointerover', light);
  document.addEventListener('focusin', light);
}

start();
