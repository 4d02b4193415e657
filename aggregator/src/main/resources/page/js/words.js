// The field's words for what the record names by id, from the server.

const words = await (await fetch('/api/words')).json();

const byId = (list) => new Map(list.map((one) => [one.id, one]));
const measures = byId(words.measures);
const known = byId(words.statistics);
const comparisons = new Map(words.comparisons.map((one) => [one.comparison, one]));

/** Names of a measure of flatness: name for buttons, symbol for axes, title for sentences. */
export const measure = (id) => measures.get(id) ?? {name: id, symbol: id, title: id};

/** Statistics in the order in which they are offered. */
export const STATISTICS = words.statistics.map(({id}) => id);

/** Letter and name of a statistic. */
export const statistic = (id) => known.get(id) ?? {symbol: id, name: id};

/** What is compared, and what should be known of it. */
export const compared = (comparison) => comparisons.get(comparison);

export const covariate = (id) => words.covariates[id] ?? id;
export const state = (id) => words.states[id] ?? id;
export const topic = (id) => words.topics[id] ?? id;
