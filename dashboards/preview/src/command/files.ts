import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { basename, join } from 'node:path';
import type { Dashboard } from '../shared/model';
import { Mistake } from './mistake';

/** The preview's folder; this code runs from its subfolder build. */
export const PREVIEW = fileURLToPath(new URL('..', import.meta.url));
const GRAFANA = join(PREVIEW, '..', 'grafana');
const BOARDS = join(GRAFANA, 'dashboards');

/** Returns the names of the requested dashboards; all if none is given. */
export async function wanted(names: string[]): Promise<string[]> {
  const known = (await readdir(BOARDS)).filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Mistake(`--dashboard is '${stranger}', which does not exist: write ${known.join(', ')}.`);
  return names.length > 0 ? names : known;
}

/** Reads a dashboard's file. */
export async function dashboard(name: string): Promise<Dashboard> {
  return JSON.parse(await readFile(join(BOARDS, `${name}.json`), 'utf8'));
}

/** Returns Prometheus's scrape interval as configured in Grafana, in seconds. */
export async function scrapeSeconds(): Promise<number> {
  const folder = join(GRAFANA, 'provisioning', 'datasources');
  for (const file of await readdir(folder)) {
    const told = /timeInterval: (\d+)s/.exec(await readFile(join(folder, file), 'utf8'));
    if (told) return Number(told[1]);
  }
  throw new Error(`No data source in ${folder} says timeInterval.`);
}
