import type { Series } from '../shared/model';
import { Mistake, reason } from './mistake';

interface Reply {
  status: string;
  error?: string;
  data: { result: Array<{ metric: Record<string, string>; value?: [number, string]; values?: Array<[number, string]> }> };
}

/** Queries a Prometheus over HTTP. */
export class Prometheus {
  constructor(private readonly address: URL) {}

  /** Returns the result of an instant query. */
  instant(expression: string, at: number): Promise<Series[]> {
    return this.ask('query', { query: expression, time: String(at / 1000) });
  }

  /** Returns the result of a range query. */
  range(expression: string, from: number, to: number, stepSeconds: number): Promise<Series[]> {
    // Like Grafana, query at multiples of the step, so that a refresh moves no sample.
    const aligned = (time: number) => String(Math.floor(time / 1000 / stepSeconds) * stepSeconds);
    return this.ask('query_range', { query: expression, start: aligned(from), end: aligned(to), step: String(stepSeconds) });
  }

  private async ask(path: string, fields: Record<string, string>): Promise<Series[]> {
    const url = new URL(`${this.address.pathname.replace(/\/$/, '')}/api/v1/${path}`, this.address);
    let reply: Reply;
    try {
      const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
      reply = (await response.json()) as Reply;
    } catch (thrown) {
      throw new Mistake(`--prometheus is ${this.address.href}, where no Prometheus answers (${reason(thrown)}): start it or give its address.`);
    }
    if (reply.status !== 'success') throw new Error(reply.error ?? 'Prometheus gave no reason');
    return reply.data.result.map(({ metric, value, values }) => ({ metric, samples: values ?? (value ? [value] : []) }));
  }
}
