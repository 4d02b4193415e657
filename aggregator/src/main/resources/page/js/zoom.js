// How a figure's axes are seen: a part of them, chosen by drag, buttons or keys, and linear or logarithmic.
// A figure with `linked` shares its horizontal part with all figures of its parent.

import {scale} from './frame.js';

const AXES = ['x', 'y'];
/** The smallest part of an axis that can be zoomed to. */
const LEAST = 1e-6;

/** What the reader chose for a figure: a part of each axis or null, and logarithmic or not where that was chosen. */
const viewOf = (figure) => (figure.view ??= {part: {x: null, y: null}, log: {}});

const changes = new EventTarget();

/** Calls back after every choice of a reader. */
export const onChange = (listener) => changes.addEventListener('change', listener);

/** Forgets what was chosen for a figure once it shows something else. */
export function follow(figure, subject) {
  if (figure.subject !== subject) figure.view = undefined;
  figure.subject = subject;
}

const linked = (figure) => (figure.linked ? [...figure.parentElement.querySelectorAll(':scope > .plot')].filter((one) => one.linked) : [figure]);

/** Whether a part of a figure is seen. */
export const isZoomed = (figure) => AXES.some((axis) => viewOf(figure).part[axis]);

/** The part of an axis that is seen, or null for all of it. */
export const part = (figure, axis) => viewOf(figure).part[axis];

/** The scale of an axis as it is to be seen. Options are those of `scale`. */
export function seen(figure, axis, extent, range, options = {}) {
  const {part: {[axis]: own}, log: {[axis]: chosen}} = viewOf(figure);
  const positive = extent[0] > 0;
  const log = chosen === undefined || !positive ? options.log : chosen;
  const whole = scale(extent, range, {...options, log, always: positive && chosen === true});
  know(figure, axis, whole.domain(), positive);
  return own ? whole.copy().domain(own) : whole;
}

/** Takes note of the whole of an axis, and whether it can be logarithmic. */
export function know(figure, axis, [low, high], positive) {
  figure.whole = {...figure.whole, [axis]: [low, high]};
  figure.positive = {...figure.positive, [axis]: positive};
}

/** Whether a point is in the part that is seen; where all is seen, every point is. */
export function within(figure, axes, x, y) {
  const inside = (axis, value) => {
    const [low, high] = d3.extent(axis.domain());
    return value >= low && value <= high;
  };
  return !isZoomed(figure) || (inside(axes.x, x) && inside(axes.y, y));
}

function redraw(figures) {
  figures.forEach((one) => one.redraw?.());
}

function chose(figures) {
  redraw(figures);
  changes.dispatchEvent(new Event('change'));
}

const figures = () => [...document.querySelectorAll('.plot[id]')];

/** What was chosen for all figures, as a part of the address: FIGURE:AXIS:LOW:HIGH or FIGURE:AXIS:log or linear, separated by commas. */
export const toAddress = () => figures().filter((figure) => figure.view).flatMap((figure) => AXES.flatMap((axis) => {
  const {part: {[axis]: own}, log: {[axis]: log}} = figure.view;
  return [own && own.map((end) => Number(end.toPrecision(6))).join(':'), log !== undefined && (log ? 'log' : 'linear')]
    .filter(Boolean).map((what) => `${figure.id}:${axis}:${what}`);
})).join(',');

/** Takes over what an address says, and redraws what it changes. */
export function fromAddress(text) {
  const changed = figures().filter((figure) => figure.view);
  changed.forEach((figure) => { figure.view = undefined; });
  for (const one of (text ?? '').split(',')) {
    const [id, axis, ...what] = one.split(':');
    const figure = figures().find((own) => own.id === id);
    const ends = what.map(Number);
    if (!figure || !AXES.includes(axis)) continue;
    if (ends.length === 2 && ends.every(Number.isFinite) && ends[0] < ends[1]) viewOf(figure).part[axis] = ends;
    else if (['log', 'linear'].includes(what[0])) viewOf(figure).log[axis] = what[0] === 'log';
    changed.push(figure);
  }
  redraw(changed);
}

function show(figure, parts) {
  const all = linked(figure);
  all.forEach((one) => {
    const view = viewOf(one);
    if ('x' in parts) view.part.x = parts.x;
    if (one === figure && 'y' in parts) view.part.y = parts.y;
  });
  chose(all);
}

/** Shows all of a figure again. */
export function reset(figure) {
  const all = linked(figure);
  all.forEach((one) => {
    const view = viewOf(one);
    view.part.x = null;
    if (one === figure) view.part.y = null;
  });
  chose(all);
}

/** Zooms by a factor about a place in the drawing; its middle, where none is given. */
export function by(figure, factor, about) {
  const {box} = figure.axes;
  const at = about ?? {x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2};
  const ends = (from, to, middle) => [middle + (from - middle) * factor, middle + (to - middle) * factor];
  to(figure, ends(box.left, box.right, at.x), ends(box.bottom, box.top, at.y));
}

/** Moves the part that is seen, by shares of its width and height. */
function move(figure, across, up) {
  const {box} = figure.axes;
  const [dx, dy] = [across * (box.right - box.left), up * (box.top - box.bottom)];
  to(figure, [box.left + dx, box.right + dx], [box.bottom + dy, box.top + dy]);
}

/** Shows what lies between places of the drawing, from left to right and from bottom to top. */
function to(figure, across, up) {
  const {x, y} = figure.axes;
  const partOf = (axis, name, places) => {
    const whole = figure.whole[name];
    const wanted = d3.extent(places.map(axis.invert));
    const least = (whole[1] - whole[0]) * LEAST;
    const [low, high] = [Math.max(whole[0], wanted[0]), Math.min(whole[1], wanted[1])];
    if (!(high - low > least)) return viewOf(figure).part[name];
    return low === whole[0] && high === whole[1] ? null : [low, high];
  };
  show(figure, {x: partOf(x, 'x', across), y: partOf(y, 'y', up)});
}

/** Changes an axis between linear and logarithmic. */
export function toggleLog(figure, axis) {
  const all = axis === 'x' ? linked(figure) : [figure];
  const log = !figure.axes[axis].base;
  all.forEach((one) => { viewOf(one).log[axis] = log; });
  chose(all);
}

/** The place of the point that has the focus, if it is of this figure. */
function focused(figure) {
  const point = document.activeElement?.closest?.('g.point');
  if (!point || !figure.contains(point)) return undefined;
  const {e, f} = point.transform.baseVal.consolidate().matrix;
  return {x: e, y: f};
}

const KEYS = {
  '+': (figure) => by(figure, 0.5, focused(figure)),
  '=': (figure) => by(figure, 0.5, focused(figure)),
  '-': (figure) => by(figure, 2, focused(figure)),
  '0': reset,
};
const MOVES = {ArrowLeft: [-0.25, 0], ArrowRight: [0.25, 0], ArrowUp: [0, 0.25], ArrowDown: [0, -0.25]};

/** Watches a figure's keys. Plain arrows go from point to point; with Shift they move the part that is seen. */
export function listen(figure) {
  figure.addEventListener('keydown', (event) => {
    if (!figure.axes || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest('.drawing')) return;
    const act = event.shiftKey && MOVES[event.key] ? () => move(figure, ...MOVES[event.key]) : KEYS[event.key] && (() => KEYS[event.key](figure));
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, {capture: true});
}

/** After a figure's axes are drawn: takes drags in their box, cuts off what lies outside of it, and sets the buttons. */
export function watch(figure, svg, {x, y, box}) {
  figure.axes = {x, y, box};
  const id = `inside-${figure.id}`;
  const cut = svg.selectAll(`#${id}`).data([box]).join((entering) => {
    const made = entering.append('clipPath').attr('id', id);
    made.append('rect');
    return made;
  });
  cut.select('rect').attr('x', box.left).attr('y', box.top).attr('width', box.right - box.left).attr('height', box.bottom - box.top);
  const zoomed = isZoomed(figure);
  for (const layer of ['.bands', '.lines', '.points']) svg.select(layer).attr('clip-path', zoomed ? `url(#${id})` : null);
  figure.brush ??= d3.brush().touchable(false).on('end', ({selection, sourceEvent}) => {
    if (!selection || !sourceEvent) return;
    svg.select('.brush').call(figure.brush.move, null);
    const [[left, top], [right, bottom]] = selection;
    to(figure, [left, right], [bottom, top]);
  });
  svg.select('.brush').call(figure.brush.extent([[box.left, box.top], [box.right, box.bottom]]));
  const button = (what) => figure.querySelector(`.actions [data-does="${what}"]`);
  for (const what of ['in', 'out', 'reset']) button(what).hidden = false;
  for (const what of ['out', 'reset']) button(what).disabled = !zoomed;
  for (const axis of AXES) {
    const toggle = button(`log-${axis}`);
    toggle.hidden = !figure.positive[axis];
    toggle.setAttribute('aria-pressed', String(Boolean(figure.axes[axis].base)));
  }
}
