import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { basename, join } from 'node:path';
import type { Dashboard } from '../shared/model';
import { Mistake } from './mistake';

/** The folder of the preview; this code runs from its folder build. */
export const PREVIEW = fileURLToPath(new URL('..', import.meta.url));
const GRAFANA = join(PREVIEW, '..', 'grafana');
const BOARDS = join(GRAFANA, 'dashboards');

/** The names of the dashboards that are wanted, all where none is named. */
export async function wanted(names: string[]): Promise<string[]> {
  const known = (await readdir(BOARDS)).filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json'));
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Mistake(`--dashboard is '${stranger}', which does not exist: write ${known.join(', ')}.`);
  return names.length > 0 ? names : known;
}

/** A dashboard's file. */
export async function dashboard(name: string): Promise<Dashboard> {
  return JSON.parse(await readFile(join(BOARDS, `${name}.json`), 'utf8'));
}

/** How often Prometheus scrapes, as Grafana is told. */
export async function scrapeSeconds(): Promise<number> {
  const folder = join(GRAFANA, 'provisioning', 'datasources');
  for (const file of await readdir(folder)) {
    const told = /timeInterval: (\d+)s/.exec(await readFile(join(folder, file), 'utf8'));
    if (told) return Number(told[1]);
  }
  throw new Error(`No data source in ${folder} says timeInterval.`);
}
