// The field's words for what the record names by id.

const MEASURES = {
  'hessian.trace': {short: 'tr H', long: 'trace of the Hessian'},
  'fisher.trace': {short: 'tr F', long: 'trace of the Fisher information'},
  'hessian.trace.per.parameter': {short: 'tr H / p', long: 'trace of the Hessian a parameter'},
  'weighted.trace': {short: 'weighted', symbol: 'Σ‖w‖² tr H', long: 'Σ over tensors of ‖w‖² times their share of tr H'},
  'average.sharpness': {short: 'average sharpness', long: 'average sharpness E L(θ + ρz) − L(θ)'},
  'adaptive.sharpness': {short: 'adaptive sharpness', long: 'average sharpness with z scaled by |θ|'},
  'sam.sharpness': {short: 'SAM sharpness', long: 'rise of the loss at the first-order maximiser'},
  'hessian.top.eigenvalue': {short: 'λ max', long: 'largest eigenvalue of the Hessian'},
  'adaptive.trace': {short: 'adaptive', symbol: 'tr |θ|H|θ|', long: 'adaptive trace tr(|θ| H |θ|)'},
};

export const STATISTICS = {
  spearman: {symbol: 'ρ', name: 'Spearman'},
  kendall: {symbol: 'τ', name: 'Kendall'},
  pearson: {symbol: 'r', name: 'Pearson'},
};

export const STATES = {
  nothing: 'nothing yet',
  declared: 'waiting',
  running: 'running',
  done: 'done',
  incomplete: 'incomplete',
  failed: 'failed',
  paused: 'paused',
  cancelled: 'cancelled',
};

/** Names of a measure of flatness: short for buttons, symbol for axes, long for sentences. */
export function measure(id) {
  const known = MEASURES[id] ?? {short: id, long: id};
  return {symbol: known.short, ...known};
}
