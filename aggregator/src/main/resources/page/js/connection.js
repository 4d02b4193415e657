// The line to the server: the whole view first, then what changes in it. When it drops the page says so, keeps what
// it shows and comes back by itself.

import {patched} from './patch.js';

const WAITS = [500, 1000, 2000, 4000];
const SILENCE = 30_000;

/**
 * Follows a study until closed. onView gets every revision, onProgress what lies between, onState 'live' or 'lost'.
 */
export function follow(study, {onView, onProgress, onState}) {
  let stream = null;
  let failures = 0;
  let waiting = null;
  let watchdog = null;
  let closed = false;
  let view = null;
  let version = '';

  const heard = () => {
    failures = 0;
    onState('live');
    clearTimeout(watchdog);
    watchdog = setTimeout(again, SILENCE);
  };
  const again = () => {
    if (closed) return;
    stream?.close();
    clearTimeout(watchdog);
    clearTimeout(waiting);
    onState('lost');
    waiting = setTimeout(open, WAITS[Math.min(failures, WAITS.length - 1)]);
    failures += 1;
  };
  const receive = (use) => (event) => {
    heard();
    use(JSON.parse(event.data), event.lastEventId);
  };
  const show = (next, id) => {
    view = next;
    version = id;
    onView(view);
  };
  const change = ({since, changes}, id) => {
    if (since === version) show(patched(view, changes), id);
    else again(); // A view was missed: a new connection begins with the whole one.
  };
  const open = () => {
    stream = new EventSource(`/api/studies/${encodeURIComponent(study)}/events`);
    stream.addEventListener('open', heard);
    stream.addEventListener('view', receive(show));
    stream.addEventListener('changes', receive(change));
    stream.addEventListener('progress', receive(onProgress));
    stream.addEventListener('error', again);
  };
  open();
  return () => {
    closed = true;
    stream?.close();
    clearTimeout(waiting);
    clearTimeout(watchdog);
  };
}

/** Why the record is not whole, a sentence each; nothing where the server cannot say. */
export async function recordFaults() {
  const answer = await fetch('/api/record', {headers: {accept: 'application/json'}});
  return answer.ok ? (await answer.json()).faults : [];
}

/** Where else there is something to see; nothing where the server cannot say. */
export async function links() {
  const answer = await fetch('/api/links', {headers: {accept: 'application/json'}});
  return answer.ok ? answer.json() : {};
}

/** Tables of other questions to a study's record; none where the server cannot say. */
export async function generations(study) {
  const answer = await fetch(`/api/studies/${encodeURIComponent(study)}/generations`, {headers: {accept: 'application/json'}});
  return answer.ok ? answer.json() : [];
}

/** The studies that the server knows. */
export async function studies() {
  const answer = await fetch('/api/studies', {headers: {accept: 'application/json'}});
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}
