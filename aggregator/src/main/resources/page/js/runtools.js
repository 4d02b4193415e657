// Tools to find runs among many: search, filters by facet, order, groups; and what to do with those that are selected.

import {byId, element, setAttributes, setText} from './dom.js';
import {count, plural} from './format.js';
import * as selection from './selection.js';
import {state as stateOf} from './words.js';

/** Columns by which runs are sorted, besides the order of the study. */
const ORDERS = [['', 'as declared'], ['label', 'name'], ['size', 'size'], ['rate', 'rate'], ['seed', 'seed'], ['state', 'state'],
  ['excess', 'loss'], ['trace', 'trace'], ['accuracy', 'accuracy']];

const FILTERS = selection.FACETS.filter((facet) => facet.id !== 'run');
const nameOf = (facet, value) => (facet.id === 'state' ? stateOf(value) : value || 'none');

function build(parent) {
  const button = (id, text, action) => {
    const made = element('button', {type: 'button', id}, text);
    made.addEventListener('click', action);
    return made;
  };
  const search = element('input', {type: 'search', id: 'run-find', placeholder: 'name, id, size …', autocomplete: 'off', spellcheck: 'false'});
  search.addEventListener('input', () => selection.find(search.value));
  const select = (id, options, change) => {
    const made = element('select', {id}, ...options.map(([value, text]) => element('option', {value}, text)));
    made.addEventListener('change', () => change(made.value));
    return made;
  };
  const turn = button('run-turn', '↓', () => {
    const {sort} = selection.current();
    selection.sortBy(sort.startsWith('-') ? sort.slice(1) : `-${sort || 'declared'}`);
  });
  parent.append(
    element('label', {}, 'Find ', search),
    ...FILTERS.map((facet) => element('details', {class: 'filter', 'data-facet': facet.id},
      element('summary', {}, facet.name), element('div', {class: 'filter-values', role: 'group', 'aria-label': facet.name}))),
    element('label', {}, 'Sort by ', select('run-sort', ORDERS, (value) => selection.sortBy(value))), turn,
    element('label', {}, 'Group by ', select('run-group', [['', 'nothing'], ...FILTERS.map(({id, name}) => [id, name.toLowerCase()])],
      (value) => selection.groupBy(value))),
    element('p', {id: 'run-count', role: 'status'}),
    button('run-all', 'Show all', () => selection.showAll()),
    button('run-compare', 'Compare', () => selection.compare()),
    button('run-clear', 'Select none', () => selection.clear()),
    element('p', {id: 'run-hint'}));
}

/** An open filter lies over what is below it: Escape or a click elsewhere closes it. */
function closeFilters(parent) {
  const open = () => [...parent.querySelectorAll('details[open]')];
  document.addEventListener('click', (event) => open().filter((filter) => !filter.contains(event.target)).forEach((filter) => { filter.open = false; }));
  parent.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open().forEach((filter) => {
      filter.open = false;
      filter.firstChild.focus();
    });
  });
}

function fillFilter(details, facet, study) {
  const values = d3.rollup(study.runs, (runs) => runs.length, facet.of);
  const names = [...values.keys()].toSorted((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  const hidden = names.filter((value) => selection.hides(facet.id, value));
  // States come and go; the others are the study's.
  details.hidden = names.length < 2 && hidden.length === 0 && facet.id !== 'state';
  setText(details.firstChild, hidden.length === 0 ? facet.name : `${facet.name}: ${names.length - hidden.length} of ${names.length}`);
  const list = details.lastChild;
  const made = JSON.stringify([...values]);
  if (list.dataset.made !== made) {
    list.dataset.made = made;
    const all = (text, wanted) => {
      const button = element('button', {type: 'button'}, text);
      button.addEventListener('click', () => names.filter((value) => selection.hides(facet.id, value) === wanted)
        .forEach((value) => selection.toggleHidden(facet.id, value)));
      return button;
    };
    list.replaceChildren(element('span', {class: 'filter-all'}, all('all', true), all('none', false)), ...names.map((value) => {
      const input = element('input', {type: 'checkbox', value});
      input.addEventListener('change', () => selection.toggleHidden(facet.id, value));
      return element('label', {}, input, ` ${nameOf(facet, value)} (${count(values.get(value))})`);
    }));
  }
  for (const input of list.querySelectorAll('input')) input.checked = !selection.hides(facet.id, input.value);
}

/** Draws the tools; what is typed or open stays. marked: whether the curves mark the checkpoints of all runs. */
export function drawTools(study, shown, marked) {
  const parent = byId('run-tools');
  if (!parent.firstChild) {
    build(parent);
    closeFilters(parent);
  }
  const {find, sort, group, selected} = selection.current();
  const search = byId('run-find');
  if (search !== document.activeElement && search.value !== find) search.value = find;
  for (const facet of FILTERS) fillFilter(parent.querySelector(`[data-facet="${facet.id}"]`), facet, study);
  byId('run-sort').value = sort.replace(/^-/, '').replace('declared', '');
  const down = sort.startsWith('-');
  setText(byId('run-turn'), down ? '↑' : '↓');
  setAttributes(byId('run-turn'), {'aria-label': down ? 'Sort upwards' : 'Sort downwards'});
  byId('run-group').value = group;
  const all = study.runs.length;
  const chosen = study.runs.filter((run) => selected.has(run.id)).length;
  setText(byId('run-count'), `${shown.length === all ? plural(all, 'run') : `${count(shown.length)} of ${plural(all, 'run')} shown; statistics are of all runs`}${
    chosen > 0 ? ` · ${count(chosen)} selected` : ''}`);
  setText(byId('run-hint'), `A click or Enter opens a run; with Ctrl, or the space bar, it is selected; H hides it.${
    marked ? '' : ' Checkpoints are marked on the curves of selected runs.'}`);
  byId('run-all').hidden = shown.length === all;
  byId('run-compare').hidden = chosen < 2;
  byId('run-clear').hidden = chosen === 0;
}
