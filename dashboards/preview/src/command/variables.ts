import type { Variable } from '../shared/model';
import type { Prometheus } from './prometheus';

/** A label's values of a series, sorted; or whatever of a query's result a regular expression finds. */
const LABEL_VALUES = /^label_values\((.*), *(\w+)\)$/s;
const QUERY_RESULT = /^query_result\((.*)\)$/s;

interface Choice {
  value: string;
  text: string;
}

/** What the variables of a dashboard stand for when it opens: their first choices, as Grafana finds them. */
export class Choices {
  private readonly chosen = new Map<string, Choice>();
  /** Variables without a choice, one sentence each. */
  readonly without: string[] = [];
  /** What a viewer reads at the top. */
  readonly shown: Array<{ label: string; text: string }> = [];

  static async of(variables: Variable[], prometheus: Prometheus, at: number): Promise<Choices> {
    const choices = new Choices();
    for (const variable of variables) {
      const first = await choices.first(variable, prometheus, at);
      const choice = first && variable.includeAll ? { value: variable.allValue ?? '.*', text: 'All' } : first;
      if (choice) {
        choices.chosen.set(variable.name, choice);
        choices.shown.push({ label: variable.label, text: choice.text });
      } else {
        choices.without.push(`Variable ${variable.name} has no choice: ${choices.in(variable.definition)} returns nothing.`);
      }
    }
    return choices;
  }

  /** A text with the choices in it, and with what else a query may name, such as __interval. */
  in(text: string, more: Record<string, string> = {}): string {
    return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced: string, bare: string) => {
      const name = braced ?? bare;
      return more[name] ?? this.chosen.get(name)?.value ?? written;
    });
  }

  /** The same of all texts of a JSON value. */
  inAll<T>(value: T): T {
    if (typeof value === 'string') return this.in(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.inAll(item)) as T;
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.inAll(item)])) as T;
    }
    return value;
  }

  private async first(variable: Variable, prometheus: Prometheus, at: number): Promise<Choice | undefined> {
    const query = this.in(variable.definition);
    const labels = LABEL_VALUES.exec(query);
    if (labels) {
      const values = (await prometheus.instant(labels[1], at)).map(({ metric }) => metric[labels[2]]).filter(Boolean);
      const [value] = variable.sort === 0 ? values : values.sort((one, other) => one.localeCompare(other));
      return value ? { value, text: value } : undefined;
    }
    const result = QUERY_RESULT.exec(query);
    if (!result) throw new Error(`Variable ${variable.name} is of a kind that the preview does not know: ${query}`);
    const pattern = new RegExp(variable.regex.slice(1, variable.regex.lastIndexOf('/')));
    for (const { metric, samples } of await prometheus.instant(result[1], at)) {
      const found = pattern.exec(written(metric, samples[0]));
      const value = found?.groups?.value ?? found?.[1];
      if (value) return { value, text: found?.groups?.text ?? value };
    }
    return undefined;
  }
}

/** A series as Grafana gives it to a variable's regular expression. */
function written({ __name__: name = '', ...labels }: Record<string, string>, [seconds, value]: [number, string]): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${pairs.join(',')}} ${value} ${seconds * 1000}`;
}
