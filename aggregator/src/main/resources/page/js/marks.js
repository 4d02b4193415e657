// One colour and one shape a size. Both follow the study's order of sizes, so that they stay while points arrive.
// The colours are CSS variables (they follow the colour scheme), chosen so that colour-blind readers can tell them apart.

const SHAPES = ['Circle', 'Square', 'Triangle', 'Diamond', 'Wye', 'Star', 'Cross'];
const COLOURS = 7;

/** The mark of the size at a place in the study's list. */
export function mark(place) {
  const index = Math.max(0, place);
  return {colour: `var(--size-${(index % COLOURS) + 1})`, shape: d3[`symbol${SHAPES[index % SHAPES.length]}`]};
}

/** Path of a mark's shape; area in square pixels. */
export const outline = (place, area) => d3.symbol(mark(place).shape, area)();

/** A small picture of a mark for rows and legends in HTML. */
export function picture(place) {
  const svg = d3.create('svg').attr('class', 'mark').attr('viewBox', '-8 -8 16 16').attr('aria-hidden', 'true');
  svg.append('path').attr('d', outline(place, 72)).style('fill', mark(place).colour);
  return svg.node();
}
