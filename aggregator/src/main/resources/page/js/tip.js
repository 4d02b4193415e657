// What stands behind a number: shown on hover, on focus and on touch, closed by Escape.
// The text is in data-tip: lines, the first a title; a tab parts a name from its value.

import {byId, element} from './dom.js';

const GAP = 10;
let owner = null;

function fill(box, text) {
  const [title, ...lines] = text.split('\n');
  const facts = element('dl');
  for (const line of lines) {
    const [name, value] = line.split('\t');
    if (value === undefined) facts.append(element('dd', {class: 'whole'}, name));
    else facts.append(element('dt', {}, name), element('dd', {}, value));
  }
  box.replaceChildren(element('strong', {}, title), facts);
}

function place(box, target) {
  const about = target.getBoundingClientRect();
  const own = box.getBoundingClientRect();
  const middle = about.left + about.width / 2 - own.width / 2;
  const left = Math.max(GAP, Math.min(middle, document.documentElement.clientWidth - own.width - GAP));
  const above = about.top - own.height - GAP;
  const top = above >= GAP ? above : Math.min(about.bottom + GAP, innerHeight - own.height - GAP);
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(GAP, top)}px`;
}

function show(target) {
  const box = byId('tip');
  owner?.removeAttribute('aria-describedby');
  owner = target;
  fill(box, target.dataset.tip);
  box.hidden = false;
  target.setAttribute('aria-describedby', 'tip');
  place(box, target);
}

function hide() {
  byId('tip').hidden = true;
  owner?.removeAttribute('aria-describedby');
  owner = null;
}

const tipped = (event) => event.target.closest?.('[data-tip]');

/** Watches the whole document. */
export function start() {
  document.addEventListener('pointerover', (event) => {
    const target = tipped(event);
    if (target) show(target);
    else if (owner && owner !== document.activeElement) hide();
  });
  document.addEventListener('focusin', (event) => {
    const target = tipped(event);
    if (target) show(target);
    else hide();
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hide());
  document.addEventListener('scroll', () => owner && place(byId('tip'), owner), {passive: true, capture: true});
}

/** After new numbers: what is open shows them too. */
export function refresh() {
  if (!owner) return;
  if (owner.isConnected && owner.dataset.tip) show(owner);
  else hide();
}

/** Lines for data-tip: a title, then [name, value] pairs or plain sentences; absent ones are left out. */
export function lines(title, ...facts) {
  const said = facts.filter((fact) => fact && (typeof fact === 'string' || (fact[1] ?? '') !== ''));
  return [title, ...said.map((fact) => (typeof fact === 'string' ? fact : `${fact[0]}\t${fact[1]}`))].join('\n');
}
