// Saving a figure: as SVG or PNG with the colours that are on the screen, its points as CSV.

const STYLES = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin',
  'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'display', 'visibility',
];
const HEAD = 54;
/** Height of the line of a legend. */
const LEGEND = 24;
const SCALE = 2;

function offer(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A copy of the drawing that stands alone: styles in place of classes, a background, its title and finding above. */
function standalone(figure) {
  const drawn = figure.querySelector('svg');
  const width = drawn.viewBox.baseVal.width;
  const {legend} = figure.plot;
  const head = HEAD + (legend.length > 0 ? LEGEND : 0);
  const height = drawn.viewBox.baseVal.height + head;
  const copy = drawn.cloneNode(true);
  const originals = [drawn, ...drawn.querySelectorAll('*')];
  const passing = [...copy.querySelectorAll('.brush, .cross, .reach')];
  [copy, ...copy.querySelectorAll('*')].forEach((node, place) => {
    const computed = getComputedStyle(originals[place]);
    node.removeAttribute('style');
    for (const style of STYLES) node.setAttribute(style, computed.getPropertyValue(style));
    for (const name of ['data-tip', 'tabindex', 'class', 'aria-describedby']) node.removeAttribute(name);
  });
  passing.forEach((node) => node.remove());
  const page = getComputedStyle(figure);
  const colour = page.getPropertyValue('color');
  const picture = d3.create('svg').attr('xmlns', 'http://www.w3.org/2000/svg')
    .attr('viewBox', `0 0 ${width} ${height}`).attr('width', width).attr('height', height)
    .attr('font-family', page.getPropertyValue('font-family'));
  picture.append('rect').attr('width', width).attr('height', height).attr('fill', page.getPropertyValue('background-color'));
  const text = (content, y, size, weight) => picture.append('text').attr('x', 12).attr('y', y).attr('font-size', size)
    .attr('font-weight', weight).attr('fill', colour).text(content);
  text(figure.querySelector('h3').textContent, 22, 15, 600);
  text(figure.querySelector('.finding').textContent, 42, 12.5, 400);
  let left = 18;
  for (const {name, path, colour: named} of legend) {
    // A colour of the page is a variable; the picture holds what it stands for.
    picture.append('path').attr('d', path).attr('transform', `translate(${left},${HEAD + 4})`)
      .attr('fill', page.getPropertyValue(named.slice('var('.length, -1)).trim());
    text(name, HEAD + 8, 12.5, 400).attr('x', left + 10);
    left += 30 + 8 * name.length;
  }
  copy.setAttribute('y', String(head));
  picture.node().append(copy);
  return {picture: new XMLSerializer().serializeToString(picture.node()), width, height};
}

export function svg(figure) {
  offer(new Blob([standalone(figure).picture], {type: 'image/svg+xml'}), `${figure.plot.name}.svg`);
}

export async function png(figure) {
  const {picture, width, height} = standalone(figure);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
  const context = canvas.getContext('2d');
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0, width, height);
  canvas.toBlob((blob) => offer(blob, `${figure.plot.name}.png`), 'image/png');
}

/** Rows of objects with the same keys, as RFC 4180 says. */
export function csv(name, rows) {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cell = (value) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((row) => row.map(cell).join(',')).join('\r\n');
  offer(new Blob([text, '\r\n'], {type: 'text/csv;charset=utf-8'}), `${name}.csv`);
}
