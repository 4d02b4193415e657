// Segmented choices and lists. They are created again only where the possibilities change.

import {byId, element} from './dom.js';

/** Radio buttons in one line. options: {value, text, title} */
export function choices(id, options, chosen, onChoose) {
  const parent = byId(id);
  const made = JSON.stringify(options);
  if (parent.dataset.made !== made) {
    parent.dataset.made = made;
    parent.replaceChildren(...options.map(({value, text, title}) => {
      const input = element('input', {type: 'radio', name: id, value, 'aria-label': title ?? text});
      input.addEventListener('change', () => onChoose(value));
      return element('label', {title}, input, element('span', {'data-text': text}, text));
    }));
  }
  for (const input of parent.querySelectorAll('input')) input.checked = input.value === chosen;
}

/** A drop-down list. options: {value, text} */
export function list(id, options, chosen, onChoose) {
  const select = byId(id);
  const made = JSON.stringify(options);
  if (select.dataset.made !== made) {
    select.dataset.made = made;
    select.replaceChildren(...options.map(({value, text}) => element('option', {value}, text)));
    select.onchange = () => onChoose(select.value);
  }
  select.value = chosen;
}
