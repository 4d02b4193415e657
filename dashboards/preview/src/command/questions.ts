import type { Answer, Asked, Panel, Target } from '../shared/model';
import { Mistake, reason } from './mistake';
import type { Prometheus } from './prometheus';
import type { Choices } from './variables';

/** Steps, in seconds, to which Grafana rounds. */
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

/** Time range and smallest step of the panels' queries. */
export interface Span {
  from: number;
  to: number;
  /** The smallest step: Prometheus's scrape interval, from the provisioned data source. */
  scrapeSeconds: number;
}

/** Runs a panel's queries; `columns` is its width in pixels, because Grafana requests at most that many points. */
export async function ask(panel: Panel, columns: number, choices: Choices, span: Span, prometheus: Prometheus): Promise<Asked> {
  const step = stepOf(span, columns);
  const words = {
    __interval: `${step}s`,
    __rate_interval: `${Math.max(step + span.scrapeSeconds, 4 * span.scrapeSeconds)}s`,
    __range: `${Math.round((span.to - span.from) / 1000)}s`,
  };
  const answers: Answer[] = [];
  for (const written of panel.targets ?? []) {
    const target = { ...written, expr: choices.in(written.expr, words), legendFormat: choices.in(written.legendFormat) };
    answers.push(await answer(target, step, span, prometheus));
  }
  return { panel: choices.inAll(panel), answers };
}

async function answer(target: Target, step: number, span: Span, prometheus: Prometheus): Promise<Answer> {
  const stepSeconds = target.instant ? 0 : step;
  try {
    const series = target.instant
      ? await prometheus.instant(target.expr, span.to)
      : await prometheus.range(target.expr, span.from, span.to, step);
    return { target, stepSeconds, series };
  } catch (thrown) {
    if (thrown instanceof Mistake) throw thrown;
    return { target, stepSeconds, series: [], error: `query ${target.refId} fails: ${reason(thrown)}` };
  }
}

function stepOf({ from, to, scrapeSeconds }: Span, columns: number): number {
  const exact = Math.max((to - from) / 1000 / columns, scrapeSeconds);
  return STEPS.find((step) => step >= exact) ?? Math.ceil(exact);
}
