// What stands behind a number: shown on hover, on focus and on touch, closed by Escape.
// The text is in data-tip: lines, the first a title; a tab parts a name from its value, and a line that begins with one heads a part.
// The first facts stand in lines of their own; how a number was measured, and all parts, run on in small print.

import {byId, element} from './dom.js';

const GAP = 8;
/** A tip is hidden so late that the pointer can move onto it, in milliseconds. */
const LINGER = 150;
/** Up to so many neighbours are looked at, so that the tip covers few of them. */
const NEIGHBOURS = 400;
/** How a number was measured. */
const SMALL = new Set(['unit', 'seed', 'estimator', 'level', 'registration', 'residual', 'from', 'of', 'age', 'run', 'radius', 'effective rank', 'untrained',
  'reference', 'parameters', 'rate', 'topic']);
let owner = null;
let leaving = null;

function fill(box, text) {
  const [title, ...lines] = text.split('\n');
  const rows = element('dl', {class: 'rows'});
  const parts = [element('dl', {class: 'part'})];
  for (const line of lines) {
    const [name, value] = line.split('\t');
    const fact = () => element('div', {}, element('dt', {}, name), ' ', element('dd', {}, value));
    if (name === '') parts.push(element('dl', {class: 'part'}, element('div', {class: 'head'}, element('dt', {}, value), element('dd'))));
    else if (value === undefined) parts.push(element('p', {}, name));
    else if (parts.length === 1 && !SMALL.has(name)) rows.append(fact());
    else parts.findLast((one) => one.tagName === 'DL').append(fact());
  }
  box.replaceChildren(element('strong', {}, title), ...[rows, ...parts].filter((one) => one.hasChildNodes()));
}

const overlaps = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** The places for a tip about something: to its right and left, below and above it, as far as they are in the window. */
function places(about, {width, height}) {
  const [right, bottom] = [document.documentElement.clientWidth - GAP, innerHeight - GAP];
  const within = (low, high, at) => Math.max(low, Math.min(high, at));
  const middle = {top: within(GAP, bottom - height, about.top + about.height / 2 - height / 2), left: within(GAP, right - width, about.left + about.width / 2 - width / 2)};
  return [
    {left: about.right + GAP, top: middle.top}, {left: about.left - GAP - width, top: middle.top},
    {left: middle.left, top: about.bottom + GAP}, {left: middle.left, top: about.top - GAP - height},
  ].map(({left, top}) => ({left, top, right: left + width, bottom: top + height}))
    .filter((one) => one.left >= GAP && one.right <= right && one.top >= GAP && one.bottom <= bottom);
}

/** Puts the tip where it covers neither its number nor, if that can be, the numbers about it. */
function place(box, target) {
  const about = target.getBoundingClientRect();
  const around = [...(target.closest('figure, table, [role=table]')?.querySelectorAll('[data-tip]') ?? [])];
  const neighbours = around.length > NEIGHBOURS ? [] : around.filter((one) => one !== target).map((one) => one.getBoundingClientRect());
  const covered = (one) => neighbours.filter((other) => overlaps(one, other)).length;
  // Where there is room nowhere, at the end of the window that is further away.
  const found = d3.least(places(about, box.getBoundingClientRect()), covered)
    ?? {left: GAP, top: about.top > innerHeight / 2 ? GAP : Math.max(GAP, innerHeight - box.offsetHeight - GAP)};
  box.style.left = `${found.left}px`;
  box.style.top = `${found.top}px`;
}

function show(target) {
  const box = byId('tip');
  clearTimeout(leaving);
  owner?.removeAttribute('aria-describedby');
  owner = target;
  // An open dialog lies above all else on the page.
  const ground = target.closest('dialog') ?? document.body;
  if (box.parentElement !== ground) ground.append(box);
  fill(box, target.tip?.() ?? target.dataset.tip);
  box.hidden = false;
  target.setAttribute('aria-describedby', 'tip');
  place(box, target);
}

function hide() {
  clearTimeout(leaving);
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
    else if (event.target.closest?.('#tip')) clearTimeout(leaving);
    else if (owner && owner !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, LINGER);
    }
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
