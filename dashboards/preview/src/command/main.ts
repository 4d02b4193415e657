import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asked, Dashboard, Drawn, Panel } from '../shared/model';
import { browser, picture } from './camera';
import { dashboard, scrapeSeconds, wanted } from './files';
import { Mistake, reason } from './mistake';
import { moment } from './moments';
import { type Options, options, USAGE } from './options';
import { Prometheus } from './prometheus';
import { ask } from './questions';
import { bundle, Site } from './site';
import { Choices } from './variables';
import { complaint } from './verdict';

interface BoardReport {
  dashboard: string;
  picture: string;
  choices: Array<{ label: string; text: string }>;
  panels: Drawn[];
  complaints: string[];
}

/** Rows stay where they are; what is folded into one follows it where rows are to be opened. */
function visible(board: Dashboard, openRows: boolean): Panel[] {
  return board.panels.flatMap((panel) =>
    openRows && panel.collapsed ? [{ ...panel, collapsed: false }, ...(panel.panels ?? [])] : [panel],
  );
}

async function draw(wish: Options): Promise<BoardReport[]> {
  const now = Date.now();
  const prometheus = new Prometheus(wish.prometheus);
  const names = await wanted(wish.dashboards);
  const scrape = await scrapeSeconds();
  // Before the bundle, so that a wrong address is told at once.
  await prometheus.instant('1', now);
  await mkdir(wish.out, { recursive: true }).catch((thrown) => {
    throw new Mistake(`--out is '${wish.out}', which cannot be made a folder (${reason(thrown)}): give another one.`);
  });
  await bundle();
  const site = new Site();
  const address = await site.open();
  const chrome = await browser();
  try {
    const reports: BoardReport[] = [];
    for (const name of names) {
      const board = await dashboard(name);
      const { from, to } = wish.time ?? { from: moment('time.from', board.time.from, now), to: moment('time.to', board.time.to, now) };
      const choices = await Choices.of(board.templating.list, prometheus, to);
      const panels: Asked[] = [];
      for (const panel of visible(board, wish.openRows)) {
        const columns = Math.floor((wish.width / 24) * panel.gridPos.w);
        panels.push(await ask(panel, columns, choices, { from, to, scrapeSeconds: scrape }, prometheus));
      }
      site.scene = { title: board.title, theme: wish.theme, width: wish.width, from, to, choices: choices.shown, panels };
      const file = `dashboard-${name}.png`;
      const drawn = await picture(chrome, address, wish.width, join(wish.out, file));
      const asked = panels.filter(({ panel }) => panel.type !== 'row');
      const complaints = asked.map((each, index) => complaint(name, each, drawn[index])).filter((text) => text !== undefined);
      reports.push({
        dashboard: name,
        picture: file,
        choices: choices.shown,
        panels: drawn,
        complaints: [...choices.without.map((text) => `${name}: ${text}`), ...complaints],
      });
    }
    return reports;
  } finally {
    await chrome.close();
    site.close();
  }
}

async function main(args: string[]): Promise<number> {
  const wish = options(args, Date.now());
  if (!wish) {
    console.log(USAGE);
    return 0;
  }
  const reports = await draw(wish);
  await writeFile(join(wish.out, 'report.json'), `${JSON.stringify(reports, undefined, 2)}\n`);
  for (const report of reports) console.log(`${join(wish.out, report.picture)}: ${report.panels.length} panels`);
  const complaints = reports.flatMap((report) => report.complaints);
  complaints.forEach((text) => console.error(`render: ${text}`));
  return complaints.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  console.error(`render: ${reason(thrown)}`);
  process.exitCode = thrown instanceof Mistake ? 2 : 3;
}
