import { Mistake } from './mistake';

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** The milliseconds of a duration such as 10m. */
export function duration(option: string, text: string): number {
  const parts = /^(\d+)([smhd])$/.exec(text);
  if (!parts) throw new Mistake(`${option} is '${text}', which is no duration: write a number and s, m, h or d, such as 10m.`);
  return Number(parts[1]) * SECONDS[parts[2]] * 1000;
}

/** The milliseconds since 1970 of now, now-10m, a date with time, or seconds since 1970. */
export function moment(option: string, text: string, now: number): number {
  if (text === 'now') return now;
  if (text.startsWith('now-')) return now - duration(option, text.slice('now-'.length));
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(time)) {
    throw new Mistake(`${option} is '${text}', which is no time: write now, now-10m, 2026-01-31T12:00:00Z or seconds since 1970.`);
  }
  return time;
}
