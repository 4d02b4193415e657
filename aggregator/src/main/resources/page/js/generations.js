// Answers to other questions, published under names: one at a time, next to the live table.

import {choices as drawChoices} from './controls.js';
import {byId, element, keyed, setAttributes, setText} from './dom.js';
import {plural} from './format.js';
import {findingText} from './tell.js';
import {measure} from './words.js';

let known = [];
let chosen = null;

/** Takes what is published of the study that is shown; says whether that is news. */
export function know(generations) {
  const news = JSON.stringify(generations) !== JSON.stringify(known);
  known = generations;
  return news;
}

function makeRow() {
  return element('tr', {}, element('th', {scope: 'row'}, element('strong'), element('span')),
    ...['Live', 'Reanalysis'].map((heading) => element('td', {'data-heading': heading}, element('span'))));
}

/** Draws the chosen generation for the chosen task, protocol and statistic; nothing where none is published. */
export function draw(study, choices, redraw) {
  const section = byId('generations');
  section.hidden = known.length === 0;
  if (section.hidden) return;
  const shown = known.find((one) => one.name === chosen) ?? known[0];
  chosen = shown.name;
  drawChoices('control-generation', known.map(({name}) => ({value: name, text: name})), chosen, (name) => {
    chosen = name;
    redraw();
  });
  setText(byId('generation-caption'), `${shown.name}, of ${plural(shown.revision.events, 'event')} (digest ${shown.revision.digest}): task `
    + `${choices.task} by ${choices.protocol}. Runs, levels and measures may differ from the live table's; its report contains the question. All of it is exploratory.`);
  setText(byId('column-generation'), shown.name);
  const rows = shown.rows.filter((row) => row.task === choices.task && row.protocol === choices.protocol && row.statistic === choices.statistic
    && [choices.measure, 'loss', 'difference'].includes(row.measure));
  const table = byId('generation-rows');
  setAttributes(table, {'data-generation': shown.name});
  keyed(table.tBodies[0], rows, (row) => `${row.comparison}@${row.level}@${row.measure}@${row.conditionedOn?.join('+')}`, makeRow, (tr, row) => {
    setText(tr.querySelector('strong'), row.compared);
    setText(tr.querySelector('th span'), row.measure === 'loss' || row.measure === 'difference' ? row.measure : measure(row.measure).name);
    const live = study.row({...row, level: row.level ?? null}, choices);
    setText(tr.cells[1].firstChild, live && live.statistic === row.statistic ? findingText(live) : 'not requested');
    setText(tr.cells[2].firstChild, findingText(row));
    tr.cells[2].dataset.value = row.finding.value ?? '';
  });
}
