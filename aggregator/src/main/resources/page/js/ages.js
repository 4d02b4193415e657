// How old a number is: when this page first saw it with its present value.

import {age} from './format.js';

export function ages() {
  const seen = new Map();
  const opened = Date.now();
  const see = (key, value) => {
    const made = Array.isArray(value) ? value.join() : value;
    const known = seen.get(key);
    if (known && known.made === made) return known;
    const now = Date.now();
    const noted = {made, at: now, first: !known && now - opened < 5000};
    seen.set(key, noted);
    return noted;
  };
  return {
    /** Notes a value that is drawn now and may be asked about later. */
    see,
    of(key, value) {
      const {at, first} = see(key, value);
      return first ? 'measured before you opened this page' : age(Date.now() - at);
    },
  };
}
