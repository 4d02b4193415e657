// JSON Patch (RFC 6902): add, replace and remove. What does not change stays the same object, so that readers may keep what they made of it.

const parts = (pointer) => pointer.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Returns the value after the operations; the given value stays as it is. */
export function patched(value, operations) {
  const own = new Set(); // What was copied for this patch may be changed in place.
  const copy = (node) => {
    if (own.has(node)) return node;
    const made = Array.isArray(node) ? [...node] : {...node};
    own.add(made);
    return made;
  };
  const root = copy(value);
  for (const {op, path, value: given} of operations) {
    const names = parts(path);
    const last = names.pop();
    let node = root;
    for (const name of names) {
      node[name] = copy(node[name]);
      node = node[name];
    }
    if (op === 'remove') {
      if (Array.isArray(node)) node.splice(Number(last), 1);
      else delete node[last];
    } else if (op === 'add' && Array.isArray(node)) {
      if (last === '-') node.push(given);
      else node.splice(Number(last), 0, given);
    } else {
      node[last] = given;
    }
  }
  return root;
}
