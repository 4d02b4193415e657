// Which runs are shown, selected, opened and compared, and in which order: one store for figures, tables and panels, kept in the address.
// Hiding changes what is drawn and listed, never a statistic: those are the server's, of all runs.
//
// Marks in the document do the work, so that a figure needs no code of its own:
//   data-run="ID"             a click or Enter opens the run, Ctrl, Shift or Space selects it, H hides it;
//   data-hides="FACET:VALUE"  a click, Enter or Space hides all runs of that value or shows them again.
// A handler that used a click for something else (the end of a drag) calls preventDefault.

import {setting} from './format.js';

/** What runs are filtered and grouped by. `of` gives the value of a run as text. */
export const FACETS = [
  {id: 'size', name: 'Size', of: (run) => run.size},
  {id: 'rate', name: 'Rate', of: (run) => setting(run.learningRate)},
  {id: 'seed', name: 'Seed', of: (run) => String(run.seed)},
  {id: 'arm', name: 'Arm', of: (run) => run.arm ?? run.algorithm},
  {id: 'state', name: 'State', of: (run) => run.state},
  {id: 'run', name: 'Run', of: (run) => run.id},
];

/** The parts of the address that belong to the selection. */
export const KEYS = ['find', 'hide', 'select', 'run', 'compare', 'sort', 'group', 'beside'];

const changes = new EventTarget();
const facets = new Map(FACETS.map((facet) => [facet.id, facet]));
let state = empty();

function empty() {
  return {find: '', hidden: new Set(), selected: new Set(), run: null, compare: false, sort: '', group: '', beside: null};
}

/** Calls back after every change. */
export const onChange = (listener) => changes.addEventListener('change', listener);

/** Tells everybody to look again. */
export const changed = () => changes.dispatchEvent(new Event('change'));

/** The present state. Read it; change it through the functions below. */
export const current = () => state;

function change(part) {
  state = {...state, ...part};
  changed();
}

const toggled = (set, value) => {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
};

/** FACET:VALUE, as in data-hides and in the address. */
export const tag = (facet, value) => `${facet}:${value}`;

export const hides = (facet, value) => state.hidden.has(tag(facet, value));

const matches = (run, text) => text.toLowerCase().split(/\s+/).filter(Boolean)
  .every((word) => run.label.toLowerCase().includes(word) || run.id.startsWith(word) || FACETS.some((facet) => facet.of(run).toLowerCase() === word));

/** Whether a run is drawn and listed. */
export const shows = (run) => matches(run, state.find) && !FACETS.some((facet) => hides(facet.id, facet.of(run)));

export const selects = (id) => state.selected.has(id);

/** Class names of whatever stands for a run: `selected`, or `unselected` where others are selected. */
export const classOf = (id) => (state.selected.size === 0 ? '' : selects(id) ? 'selected' : 'unselected');

export const toggleHidden = (facet, value) => change({hidden: toggled(state.hidden, tag(facet, value))});
export const toggleSelected = (id) => change({selected: toggled(state.selected, id)});
export const showAll = () => change({find: '', hidden: new Set()});
export const find = (text) => change({find: text});
export const open = (id) => change({run: id, compare: false});
export const compare = () => change({compare: true, run: null});
export const close = () => change({run: null, compare: false});
export const clear = () => change({selected: new Set(), compare: false});
export const sortBy = (column) => change({sort: column});
export const groupBy = (facet) => change({group: facets.has(facet) ? facet : ''});
/** Puts another study beside this one. */
export const putBeside = (study) => change({beside: study || null});

const join = (set) => [...set].map((one) => one.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
const split = (text) => new Set((text ?? '').split(',').filter(Boolean).map((one) => one.replaceAll('%2C', ',').replaceAll('%25', '%')));

/** The selection as parts of the address; empty ones are left out there. */
export const toAddress = () => ({
  find: state.find, hide: join(state.hidden), select: join(state.selected), run: state.run ?? '',
  compare: state.compare ? 'yes' : '', sort: state.sort, group: state.group, beside: state.beside ?? '',
});

/** Takes over what an address says. Tells nobody: the reader of an address draws anyway. */
export function fromAddress(given) {
  state = {
    find: given.find ?? '', hidden: split(given.hide), selected: split(given.select), run: given.run || null, compare: given.compare === 'yes',
    sort: given.sort ?? '', group: facets.has(given.group) ? given.group : '', beside: given.beside || null,
  };
}

/** Watches the whole document for clicks and keys on the marks. */
export function start() {
  const own = (event, name) => {
    const target = event.target.closest?.(`[data-${name}]`);
    return target && !event.target.closest('button, a, input, select, summary, dialog') ? target.dataset[name] : null;
  };
  const hide = (tagged) => toggleHidden(tagged.slice(0, tagged.indexOf(':')), tagged.slice(tagged.indexOf(':') + 1));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented) return;
    const tagged = own(event, 'hides');
    const run = own(event, 'run');
    if (tagged) hide(tagged);
    else if (run) (event.ctrlKey || event.metaKey || event.shiftKey ? toggleSelected : open)(run);
  });
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const tagged = own(event, 'hides');
    const run = own(event, 'run');
    const act = tagged ? {'Enter': () => hide(tagged), ' ': () => hide(tagged)}[event.key]
      : run ? {'Enter': () => open(run), ' ': () => toggleSelected(run), 'h': () => toggleHidden('run', run)}[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
