// Small helpers for the document. Text is always set as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** An element with attributes, properties of its dataset, and children (elements or strings). */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Changes text only where it differs, so that live regions speak only news. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes attributes. */
export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
  }
}

/** Makes the children of a node those of the given keys, in order, reusing what is there. */
export function keyed(parent, items, keyOf, make, update) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = keyOf(item);
    let child = present.get(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    present.delete(key);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
    update(child, item);
  });
  present.forEach((child) => child.remove());
}

/** One tab stop for many things: arrows, Home and End move among the members. */
export function roving(container, selector) {
  const members = () => [...container.querySelectorAll(selector)];
  const settle = () => {
    const all = members();
    const current = all.find((member) => member.getAttribute('tabindex') === '0' || member === document.activeElement);
    all.forEach((member) => setAttributes(member, {tabindex: member === (current ?? all[0]) ? 0 : -1}));
  };
  if (!container.dataset.roving) {
    container.dataset.roving = 'yes';
    container.addEventListener('keydown', (event) => {
      const all = members();
      const here = all.indexOf(event.target.closest(selector));
      if (here < 0) return;
      const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
      let next = step ? (here + step + all.length) % all.length : undefined;
      if (event.key === 'Home') next = 0;
      if (event.key === 'End') next = all.length - 1;
      if (next === undefined) return;
      event.preventDefault();
      all[here].setAttribute('tabindex', '-1');
      all[next].setAttribute('tabindex', '0');
      all[next].focus();
    });
  }
  settle();
}
