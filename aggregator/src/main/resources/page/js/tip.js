// What stands behind a number: shown on hover, on focus and on touch, closed by Escape.
// The text is in data-tip: lines, the first a title; a tab parts a name from its value, and a line that begins with one heads a part.

import {byId, element} from './dom.js';

const GAP = 10;
let owner = null;

function fill(box, text) {
  const [title, ...lines] = text.split('\n');
  const facts = element('dl');
  for (const line of lines) {
    const [name, value] = line.split('\t');
    if (name === '') facts.append(element('dt', {class: 'part'}, value));
    else if (value === undefined) facts.append(element('dd', {class: 'whole'}, name));
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
  const below = about.bottom + GAP;
  const lowest = Math.max(GAP, innerHeight - own.height - GAP);
  const right = about.right + GAP + own.width + GAP <= document.documentElement.clientWidth;
  const beside = right ? about.right + GAP : about.left - GAP - own.width;
  // Beside it only where neither above nor below has room, so that it covers no more of a row than it must.
  const fits = above >= GAP || below <= lowest;
  box.style.left = `${fits || beside < GAP ? left : beside}px`;
  box.style.top = `${above >= GAP ? above : Math.min(below, lowest)}px`;
}

function show(target) {
  const box = byId('tip');
  owner?.removeAttribute('aria-describedby');
  owner = target;
  fill(box, target.tip?.() ?? target.dataset.tip);
  // An open dialog lies above all else on the page.
  const ground = target.closest('dialog') ?? document.body;
  if (box.parentElement !== ground) ground.append(box);
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
  if (owner.isConnected && owner.dataset.tip !== undefined) show(owner);
  else hide();
}

/** Gives a node its text, or a function that makes it when somebody asks: there may be thousands. */
export function give(node, tip) {
  node.tip = typeof tip === 'function' ? tip : null;
  const text = typeof tip === 'function' ? '' : tip;
  if (node.dataset.tip !== text) node.dataset.tip = text;
}

/** Heads a part of a tip. */
export const part = (text) => `\t${text}`;

/** Lines for data-tip: a title, then [name, value] pairs or plain sentences; absent ones are left out. */
export function lines(title, ...facts) {
  const said = facts.filter((fact) => fact && (typeof fact === 'string' || (fact[1] ?? '') !== ''));
  return [title, ...said.map((fact) => (typeof fact === 'string' ? fact : `${fact[0]}\t${fact[1]}`))].join('\n');
}
