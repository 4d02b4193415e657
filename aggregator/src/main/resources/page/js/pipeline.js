// What the pipeline is doing: events, work in flight, dead letters, conflicts. Folded away; what is amiss stands in its title.

import {byId, element, keyed, setAttributes, setText} from './dom.js';
import {count} from './format.js';
import {lines} from './tip.js';

/** facts: {key, name, value, trouble, tip} */
export function draw(facts) {
  const amiss = facts.filter((fact) => fact.trouble);
  const said = byId('pipeline-summary');
  setText(said, amiss.length > 0 ? amiss.map((fact) => `${fact.name.toLowerCase()}: ${count(fact.value)}`).join(', ')
    : facts.length > 0 ? 'no conflicts, no dead letters' : '');
  said.dataset.trouble = amiss.length > 0 ? 'yes' : 'no';
  keyed(byId('pipeline-facts'), facts, (fact) => fact.key,
    () => element('div', {class: 'fact'}, element('dt'), element('dd', {tabindex: 0})),
    (tile, fact) => {
      setText(tile.firstChild, fact.name);
      setText(tile.lastChild, typeof fact.value === 'number' ? count(fact.value) : fact.value);
      tile.dataset.fact = fact.key;
      tile.dataset.trouble = fact.trouble ? 'yes' : 'no';
      setAttributes(tile.lastChild, {'data-value': fact.value, 'data-tip': lines(fact.name, ...fact.tip)});
    });
}
