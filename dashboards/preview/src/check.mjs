// Writes every panel's options and field settings as literals of the types that Grafana publishes, and lets TypeScript judge them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PREVIEW = join(import.meta.dirname, '..');
const BOARDS = join(PREVIEW, '..', 'grafana', 'dashboards');
const BUILD = join(PREVIEW, 'build');
/** Packages under which package.json has the types of the versions. */
const VERSIONS = ['grafana-schema-newest', 'grafana-schema-before'];
const TYPES = { stat: 'Stat', bargauge: 'BarGauge', table: 'Table', timeseries: 'TimeSeries', xychart: 'XYChart' };
/** What JSON has in the place of enumerations; all fields are optional, because Grafana fills in its defaults. */
const LOOSE =
  'type Loose<T> = T extends string ? `${T}` : T extends number ? (number extends T ? T : `${T}` extends `${infer N extends number}` ? N : T)' +
  ' : T extends boolean | null | undefined ? T : T extends (infer U)[] ? Loose<U>[] : T extends object ? { [K in keyof T]?: Loose<T[K]> } : T;';

const panels = readdirSync(BOARDS)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(BOARDS, file), 'utf8')).panels)
  .flatMap((panel) => [panel, ...(panel.panels ?? [])])
  .filter(({ type }) => type !== 'row');
mkdirSync(BUILD, { recursive: true });
let failed = false;
for (const name of VERSIONS) {
  const root = join(PREVIEW, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = (type) => join(root, 'dist/esm/raw/composable', type, 'panelcfg/x', `${TYPES[type]}PanelCfg_types.gen`);
  const known = Object.keys(TYPES).filter((type) => readFileSync(`${file(type)}.d.ts`, 'utf8').match(/(?:interface|type) FieldConfig\b/));
  const imports = Object.keys(TYPES).map((type) => `import type * as ${type} from '${file(type)}';`);
  const judged = panels.flatMap(({ title, type, options, fieldConfig }) => [
    `// ${title}`,
    `(${JSON.stringify(options)}) satisfies Loose<${type}.Options>;`,
    ...(known.includes(type) ? [`(${JSON.stringify(fieldConfig.defaults.custom ?? {})}) satisfies Loose<${type}.FieldConfig>;`] : []),
  ]);
  writeFileSync(join(BUILD, `${name}.ts`), [LOOSE, ...imports, ...judged, ''].join('\n'));
  const compilerOptions = {
    noEmit: true, skipLibCheck: true, strict: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2022', types: [],
    paths: { '@grafana/schema': [join(root, 'dist/types/index.d.ts')] },
  };
  writeFileSync(join(BUILD, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  const { status, stdout } = spawnSync(join(PREVIEW, 'node_modules/.bin/tsc'), ['-p', join(BUILD, `${name}.json`)], { encoding: 'utf8' });
  console.log(`Grafana ${version}: ${panels.length} panels ${status === 0 ? 'have options that it knows' : 'do not all have options that it knows'}`);
  if (status !== 0) console.error(stdout);
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
