// Numbers and times as people read them, as basin.aggregator.present.Numbers writes them. Full precision stays in data-value attributes.

const MINUS = '−';
const withMinus = (text) => text.replace(/-/g, MINUS);
const grouped = new Intl.NumberFormat('en', {maximumFractionDigits: 0});

/** Whole number with thousands apart. */
export const count = (value) => withMinus(grouped.format(value + 0)); // Without a negative zero.

/** So many decimals; never a negative zero. */
const fixed = (value, decimals) => {
  const text = value.toFixed(decimals);
  return withMinus(Number(text) === 0 ? text.replace('-', '') : text);
};

/** A correlation or a difference of two: two decimals always, so that columns line up. */
export const correlation = (value) => fixed(value, 2);

const brackets = (low, high) => `[${low}, ${high}]`;

/** Interval of a correlation. */
export const correlations = ({low, high}) => brackets(correlation(low), correlation(high));

/** With three significant digits. */
export function plain(value) {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return withMinus(value.toExponential(2).replace('e+', 'e'));
  if (size >= 1000) return count(Number(value.toPrecision(3)));
  return withMinus(String(Number(value.toPrecision(3))));
}

/** As many digits as the error allows: the last digit shown is the error's first (its second where the first is 1). */
export function rounded(value, error) {
  if (!(error > 0)) return plain(value);
  const power = Math.floor(Math.log10(error));
  const decimals = -power + (error / 10 ** power < 1.95 ? 1 : 0);
  if (decimals <= 0) {
    const unit = 10 ** -decimals;
    return count(Math.round(value / unit) * unit);
  }
  return fixed(value, Math.min(decimals, 8));
}

/** Interval of an estimate, with its digits. */
export const interval = ({low, high, stderr}) => brackets(rounded(low, stderr), rounded(high, stderr));

/** An estimate with its interval. */
export const estimate = (one) => (one.stderr > 0 ? `${rounded(one.value, one.stderr)} ${interval(one)}` : plain(one.value));

/** A difference: with the sign of a positive one. */
export const difference = (value, error) => {
  const text = rounded(value, error);
  return text.startsWith(MINUS) || /^[0.]+$/.test(text) ? text : `+${text}`;
};

/** The interval of a difference. */
export const differences = ({low, high}, error) => brackets(difference(low, error), difference(high, error));

/** A p-value: two significant digits. */
export const probability = (p) => (p < 0.001 ? '< 0.001' : p.toPrecision(2));

/** A named p-value. */
export const named = (name, p) => `${name}${p < 0.001 ? '' : ' ='} ${probability(p)}`;

/** A share in percent. */
export const percent = (share) => `${plain(100 * share)} %`;

/** 3 min 20 s. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** A span of time as an age, coarsely. */
export const age = (milliseconds) => (milliseconds < 2000 ? 'just now' : `${duration(milliseconds / 1000)} ago`);

/** A learning rate or an excess loss as it was written in the study. */
export const setting = (value) => withMinus(String(value));

/** A target of excess loss, always two decimals or more. */
export const level = (value) => (Number(value.toFixed(2)) === value ? value.toFixed(2) : String(value));

/** n things. */
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
