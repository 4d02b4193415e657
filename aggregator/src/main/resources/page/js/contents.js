// The page's frame: its list of contents, its folded parts, and the link to what is shown.

import * as address from './address.js';
import {byId, element, keyed, setText} from './dom.js';

/** On windows no wider than this the parts after the figures are folded at first. */
const NARROW = matchMedia('(max-width: 760px)');

/** Shows a part of the page, unfolds it and moves the focus to it. The address stays: it holds what is chosen. */
function goTo(part) {
  for (let fold = part.querySelector(':scope > details') ?? part.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  part.tabIndex = -1;
  part.scrollIntoView({block: 'start'});
  part.focus({preventScroll: true});
}

/** Links within the page. */
function follow(event) {
  const link = event.target.closest?.('a[href^="#"]');
  const part = link && link.getAttribute('href').length > 1 ? byId(link.getAttribute('href').slice(1)) : null;
  if (!part) return;
  event.preventDefault();
  goTo(part);
}

/** Lists the parts that there are. */
function list() {
  const parts = [...document.querySelectorAll('main section[data-contents]')].filter((part) => !part.hidden);
  keyed(byId('contents-list'), parts, (part) => part.id, (part) => element('li', {}, element('a', {href: `#${part.id}`}, part.dataset.contents)), () => {});
}

async function copyLink(event) {
  const said = byId('copied');
  try {
    await navigator.clipboard.writeText(location.href);
    setText(said, 'Copied.');
  } catch {
    // Only pages from this machine or over HTTPS may write to the clipboard.
    setText(said, 'The browser does not allow it; copy the address instead.');
  }
  setTimeout(() => setText(said, ''), 4000);
  event.target.focus();
}

function start() {
  document.addEventListener('click', follow);
  document.querySelectorAll('details.fold').forEach((fold) => {
    if (NARROW.matches) fold.open = false;
    // What is folded has no width, so it is drawn once it is shown.
    fold.addEventListener('toggle', () => dispatchEvent(new Event('resize')));
  });
  // On a narrow window the table has the chosen rows alone, until all are asked for.
  byId('all-rows').addEventListener('click', ({target}) => target.setAttribute('aria-pressed', String(target.getAttribute('aria-pressed') !== 'true')));
  byId('copy-link').addEventListener('click', copyLink);
  byId('download-all').addEventListener('click', () => {
    byId('download-all').href = `/api/studies/${encodeURIComponent(address.read().study ?? '')}/all.zip`;
  });
  new MutationObserver(list).observe(document.querySelector('main'), {subtree: true, attributeFilter: ['hidden']});
  list();
}

start();
