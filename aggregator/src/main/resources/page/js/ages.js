// How old a number is: when this page first saw it with its present value.

import {age} from './format.js';

export function ages() {
  const seen = new Map();
  const opened = Date.now();
  return {
    of(key, value) {
      const now = Date.now();
      const made = JSON.stringify(value);
      const known = seen.get(key);
      if (!known || known.made !== made) seen.set(key, {made, at: now, first: !known && now - opened < 5000});
      const {at, first} = seen.get(key);
      return first ? 'measured before you opened this page' : age(now - at);
    },
  };
}
