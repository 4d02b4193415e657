// What is shown, held in the address, so that a link shows the same.

import {KEYS as SELECTION} from './selection.js';

const KEYS = ['study', 'points', 'measure', 'task', 'protocol', 'statistic', 'comparison', 'axis', 'spectrum', 'zoom', ...SELECTION];

/** The choices that an address names; without one, that of the window. */
export function read(address = location.href) {
  const given = new URLSearchParams(new URL(address).hash.slice(1));
  return Object.fromEntries(KEYS.filter((key) => given.has(key)).map((key) => [key, given.get(key)]));
}

/** Puts all choices into the address, without a new entry in the history. */
export function write(choices) {
  const wanted = new URLSearchParams(KEYS.filter((key) => choices[key]).map((key) => [key, choices[key]]));
  const hash = `#${wanted}`;
  if (hash !== location.hash) history.replaceState(null, '', hash);
}

/**
 * Calls back when somebody edits the address or follows a link. The event says what was asked for; by the time it comes a frame may
 * have been drawn, with its own choices in the window's address.
 */
export const onChange = (listener) => addEventListener('hashchange', ({newURL}) => listener(read(newURL)));
