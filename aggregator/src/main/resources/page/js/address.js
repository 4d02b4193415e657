// What is shown, held in the address, so that a link shows the same.

const KEYS = ['study', 'points', 'measure', 'task', 'protocol', 'statistic', 'spectrum'];

/** The choices that the address names. */
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(KEYS.filter((key) => given.has(key)).map((key) => [key, given.get(key)]));
}

/** Puts all choices into the address, without a new entry in the history. */
export function write(choices) {
  const wanted = new URLSearchParams(KEYS.filter((key) => choices[key]).map((key) => [key, choices[key]]));
  const hash = `#${wanted}`;
  if (hash !== location.hash) history.replaceState(null, '', hash);
}

/** Calls back when somebody edits the address or follows a link. */
export const onChange = (listener) => addEventListener('hashchange', () => listener(read()));
