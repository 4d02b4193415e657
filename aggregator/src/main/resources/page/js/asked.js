// Answers to other questions, in words, beside the study's own.

import {byId, element, keyed, setAttributes, setText} from './dom.js';
import {plural} from './format.js';

const LIVE = 'live';

function make() {
  return element('tr', {},
    element('th', {scope: 'row'}, element('strong'), element('span')),
    element('td', {'data-heading': 'Answer'}, element('div', {},
      element('p', {class: 'sentence'}), element('p', {class: 'quiet more'}),
      element('details', {}, element('summary', {}, 'The question'), element('pre')))));
}

function fill(tr, {name, headline, more, question, revision}) {
  tr.dataset.question = name;
  setText(tr.querySelector('strong'), name);
  setText(tr.querySelector('th span'), name === LIVE ? 'the study’s own question' : `of ${plural(revision.events, 'event')}`);
  setText(tr.querySelector('.sentence'), headline);
  setText(tr.querySelector('.more'), more);
  const details = tr.querySelector('details');
  setAttributes(details, {hidden: question ? null : ''});
  setText(details.querySelector('pre'), question);
}

/** Draws the answers below the study's own one; hides the part while no other question was answered. */
export function draw(study) {
  const asked = study.asked ?? [];
  byId('asked').hidden = asked.length === 0;
  const own = {name: LIVE, headline: study.headline.text, more: study.headline.more ?? '', question: '', revision: study.revision};
  keyed(byId('asked-rows').tBodies[0], asked.length === 0 ? [] : [own, ...asked], ({name}) => name, make, fill);
}
