import { parseArgs } from 'node:util';
import { Mistake, reason } from './mistake';
import { duration, moment } from './moments';

export const USAGE = `Usage: dashboards/preview/render --prometheus=URL --out=DIR [--dashboard=NAME]...
         [--range=10m | --from=TIME --to=TIME] [--theme=dark|light] [--width=1600] [--open-rows]
Draws the dashboards with Grafana's components from what a Prometheus knows.
      --prometheus=URL   Prometheus, such as http://127.0.0.1:9090.
      --out=DIR          Gets a picture a dashboard, and report.json.
      --dashboard=NAME   study, pipeline or services; may be repeated; default: all.
      --range=DURATION   The time up to now; default: the dashboard's own.
      --from, --to=TIME  now, now-10m, 2026-01-31T12:00:00Z or seconds since 1970.
      --theme=NAME       dark or light; default: dark.
      --width=PIXELS     Width of the pictures; default: 1600.
      --open-rows        Draws folded rows opened.`;

/** The options of the command. */
export interface Options {
  prometheus: URL;
  out: string;
  dashboards: string[];
  /** Milliseconds since 1970; undefined for the dashboard's own time range. */
  time?: { from: number; to: number };
  theme: 'dark' | 'light';
  width: number;
  openRows: boolean;
}

/** Parses the command line; returns undefined if it requests only help. */
export function options(args: string[], now: number): Options | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  if (values.theme !== 'dark' && values.theme !== 'light') {
    throw new Mistake(`--theme is '${values.theme}': write dark or light.`);
  }
  const width = Number(values.width);
  if (!Number.isInteger(width) || width < 800 || width > 4000) {
    throw new Mistake(`--width is '${values.width}': write a whole number of pixels from 800 to 4000.`);
  }
  return {
    prometheus: address(values.prometheus),
    out: values.out ?? missing('--out', 'a folder for the pictures'),
    dashboards: values.dashboard ?? [],
    time: time(values.range, values.from, values.to, now),
    theme: values.theme,
    width,
    openRows: values['open-rows'],
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        prometheus: { type: 'string' },
        out: { type: 'string' },
        dashboard: { type: 'string', multiple: true },
        range: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        theme: { type: 'string', default: 'dark' },
        width: { type: 'string', default: '1600' },
        'open-rows': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (thrown) {
    throw new Mistake(`${reason(thrown).split('. ')[0]}; --help lists the options.`);
  }
}

function address(text: string | undefined): URL {
  if (!text) return missing('--prometheus', 'its address, such as http://127.0.0.1:9090');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Mistake(`--prometheus is '${text}', which is no address: write one such as http://127.0.0.1:9090.`);
  }
  return url;
}

function time(range: string | undefined, from: string | undefined, to: string | undefined, now: number) {
  if (range && (from || to)) throw new Mistake('--range is given beside --from or --to: leave one of them out.');
  if (range) return { from: now - duration('--range', range), to: now };
  if (!from && !to) return undefined;
  if (!from) throw new Mistake('--to is given without --from: give both.');
  const ends = { from: moment('--from', from, now), to: moment('--to', to ?? 'now', now) };
  if (ends.from >= ends.to) throw new Mistake(`--from is '${from}', which is not before --to: give an earlier time.`);
  return ends;
}

function missing(option: string, what: string): never {
  throw new Mistake(`${option} is missing: give ${what}.`);
}
