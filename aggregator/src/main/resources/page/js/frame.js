// What every figure has: a title, what it comes to, buttons, a drawing of fixed height, words where there is nothing to draw yet,
// and ways to save it.

import {element, setText} from './dom.js';
import {plain} from './format.js';
import * as save from './save.js';
import * as zoom from './zoom.js';

/**
 * Sets up a figure once, later only its words; the drawing's size is that of its box. `redraw` draws the figure again as it was drawn last;
 * `legend` is [{name, path, colour}] for a saved picture.
 */
export function frame(figure, {title, finding, empty, name, table, redraw, x, y, legend = []}) {
  if (!figure.querySelector('svg')) build(figure);
  zoom.follow(figure, [name, x?.label, y?.label].join(' '));
  figure.plot = {name, table, title, legend};
  figure.redraw = redraw;
  setText(figure.querySelector('h3'), title);
  const said = figure.querySelector('.finding');
  setText(said, finding?.text ?? '');
  if (finding?.tip) said.dataset.tip = finding.tip;
  else delete said.dataset.tip;
  if (finding?.tip) said.tabIndex = 0;
  else said.removeAttribute('tabindex');
  const box = figure.querySelector('.drawing');
  const words = box.querySelector('.empty');
  words.hidden = !empty;
  setText(words, empty ?? '');
  figure.classList.toggle('nothing', Boolean(empty));
  const svg = d3.select(box).select('svg');
  // Asking for a size makes the browser lay out all that was changed before; the observer tells when it is another.
  figure.room ??= {width: box.clientWidth, height: box.clientHeight};
  const width = Math.max(240, figure.room.width);
  const height = Math.max(120, figure.room.height);
  svg.attr('viewBox', `0 0 ${width} ${height}`).attr('width', width).attr('height', height).attr('aria-label', title);
  return {svg, width, height};
}

const sizes = new ResizeObserver((changes) => {
  for (const {target, contentRect: {width, height}} of changes) {
    const figure = target.closest('.plot');
    const known = figure?.room;
    if (!known || (Math.abs(known.width - width) < 1 && Math.abs(known.height - height) < 1)) continue;
    figure.room = {width: Math.round(width), height: Math.round(height)};
    figure.redraw?.();
  }
});

function build(figure) {
  const button = (text, what, action, attributes = {}) => {
    const made = element('button', {type: 'button', 'aria-label': what, title: what, ...attributes}, text);
    made.addEventListener('click', action);
    return made;
  };
  // Hidden until the figure's axes are watched: not every figure can be zoomed.
  const does = (id) => ({'data-does': id, hidden: true});
  figure.append(
    element('figcaption', {}, element('h3'), element('p', {class: 'finding'})),
    element('div', {class: 'actions'},
      button('+', 'Zoom in (key +; drag in the figure)', () => zoom.by(figure, 0.5), does('in')),
      button('−', 'Zoom out (key −)', () => zoom.by(figure, 2), does('out')),
      button('Reset', 'Show everything (key 0)', () => zoom.reset(figure), does('reset')),
      button('log x', 'Logarithmic x axis', () => zoom.toggleLog(figure, 'x'), {...does('log-x'), 'aria-pressed': 'false'}),
      button('log y', 'Logarithmic y axis', () => zoom.toggleLog(figure, 'y'), {...does('log-y'), 'aria-pressed': 'false'}),
      element('details', {class: 'saves'}, element('summary', {'aria-label': 'Save this figure'}, 'Save'),
        button('SVG', 'Save this figure as SVG', () => save.svg(figure)),
        button('PNG', 'Save this figure as PNG', () => save.png(figure)),
        button('CSV', 'Save the points of this figure as CSV', () => save.csv(figure.plot.name, figure.plot.table())))),
    element('div', {class: 'drawing'}, element('p', {class: 'empty', hidden: true})));
  const svg = d3.select(figure).select('.drawing').append('svg').attr('role', 'group');
  for (const layer of ['bands', 'grid', 'axis-x', 'axis-y', 'lines', 'brush', 'cross', 'points', 'legend']) svg.append('g').attr('class', layer);
  zoom.listen(figure);
  sizes.observe(figure.querySelector('.drawing'));
}

/**
 * A linear scale, or a logarithmic one where the values are positive and span more than a factor three; `always` where they span less too.
 */
export function scale(extent, range, {log = false, always = false, pad = 0.06} = {}) {
  let [low, high] = extent;
  if (low === high) [low, high] = [low - Math.abs(low || 1) * 0.1, high + Math.abs(high || 1) * 0.1];
  if (log && low > 0 && (always || high / low > 3)) {
    const margin = (high / low) ** pad;
    return d3.scaleLog([low / margin, high * margin], range);
  }
  const margin = (high - low) * pad;
  return d3.scaleLinear([low - margin, high + margin], range);
}

/** Ticks that fit: about one in `room` pixels; on a logarithmic scale round digits of each power, or as on a linear one where those are too few. */
export function ticks(axis, room) {
  const [from, to] = axis.range();
  const wanted = Math.max(2, Math.floor(Math.abs(to - from) / room));
  if (!axis.base) return axis.ticks(wanted);
  const [low, high] = [Math.min(...axis.domain()), Math.max(...axis.domain())];
  for (const digits of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const all = d3.range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1)
      .flatMap((power) => digits.map((digit) => Number((digit * 10 ** power).toPrecision(3))))
      .filter((tick) => tick >= low && tick <= high);
    if (all.length < 2 && digits.length > 1) return d3.ticks(low, high, Math.min(4, wanted));
    if (all.length <= wanted || digits.length === 1) return all.filter((_, place) => place % Math.ceil(all.length / wanted) === 0);
  }
  return [];
}

/** Labels of ticks: all with as many decimals as their step needs, so that they line up; plain on a logarithmic scale. */
export function tickFormat(axis, ticks) {
  if (axis.base || ticks.length < 2) return plain;
  const decimals = d3.precisionFixed(Math.abs(ticks[1] - ticks[0]));
  return (value) => (Math.abs(value) >= 1000 ? plain(value) : value.toFixed(decimals).replace('-', '−'));
}

/** Draws axes and grid. The labels say what is measured and what is better. */
export function axes(svg, {x, y, xTicks, yTicks, xLabel, yLabel, box, xFormat = tickFormat(x, xTicks)}) {
  svg.select('.axis-x').attr('transform', `translate(0,${box.bottom})`)
    .call(d3.axisBottom(x).tickValues(xTicks).tickFormat(xFormat).tickSize(4).tickPadding(4))
    .selectAll('text.label').data([xLabel]).join('text').attr('class', 'label')
    .attr('x', box.right).attr('y', 36).attr('text-anchor', 'end').text((text) => text);
  svg.select('.axis-y').attr('transform', `translate(${box.left},0)`)
    .call(d3.axisLeft(y).tickValues(yTicks).tickFormat(tickFormat(y, yTicks)).tickSize(4).tickPadding(4))
    .selectAll('text.label').data([yLabel]).join('text').attr('class', 'label')
    .attr('x', -box.left + 2).attr('y', box.top - 14).attr('text-anchor', 'start').text((text) => text);
  const grid = svg.select('.grid');
  grid.selectAll('line.h').data(yTicks).join('line').attr('class', 'h')
    .attr('x1', box.left).attr('x2', box.right).attr('y1', y).attr('y2', y);
  grid.selectAll('line.v').data(xTicks).join('line').attr('class', 'v')
    .attr('y1', box.top).attr('y2', box.bottom).attr('x1', x).attr('x2', x);
}

/** Height of the words of a line across, in pixels. */
const WORDS = 12;

/**
 * Draws lines across at the given values of y, with words where there is room for them: above the line or else below it, and none where other
 * words are. levels: {y, text}; taken: baselines of other words
 */
export function levelLines(svg, levels, up, box, {anchor, at, taken = []}) {
  const [low, high] = d3.extent(up.domain());
  const seen = levels.filter((line) => line.y >= low && line.y <= high);
  svg.select('.lines').selectAll('line.level').data(seen).join('line').attr('class', 'level')
    .attr('x1', box.left).attr('x2', box.right).attr('y1', (line) => up(line.y)).attr('y2', (line) => up(line.y));
  const used = [...taken];
  const free = (baseline) => baseline - WORDS >= box.top && baseline <= box.bottom && used.every((other) => Math.abs(other - baseline) > WORDS + 3);
  const worded = seen.flatMap((line) => {
    const baseline = [up(line.y) - 5, up(line.y) + WORDS + 3].find(free);
    if (baseline === undefined) return [];
    used.push(baseline);
    return [{...line, baseline}];
  });
  svg.select('.lines').selectAll('text.level-text').data(worded).join('text').attr('class', 'level-text')
    .attr('x', at).attr('text-anchor', anchor).attr('y', (line) => line.baseline).text((line) => line.text);
}
