// How old a number is: since this page first saw it with its present value. Of what was there when the page was opened nobody knows.

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
    /** The age in words; empty where it is not known. */
    of(key, value) {
      const {at, first} = see(key, value);
      return first ? '' : age(Date.now() - at);
    },
  };
}
