import type { Answer, Asked, Drawn } from '../shared/model';

/** Metrics that a healthy machine may lack: those of a GPU, and alerts. */
const MAY_BE_MISSING = /\bDCGM_|\bALERTS\b/;

/** Returns a sentence about a panel's problem, or undefined if it has none. */
export function complaint(board: string, { panel, answers }: Asked, drawn: Drawn | undefined): string | undefined {
  const where = `${board}, panel '${panel.title}'`;
  const failed = answers.find(({ error }) => error !== undefined)?.error ?? drawn?.error;
  if (failed !== undefined) return `${where}: ${failed}`;
  if (!drawn) return `${where}: was not drawn.`;
  const excused = answers.some(({ target }) => MAY_BE_MISSING.test(target.expr));
  return drawn.points === 0 && !excused ? `${where}: shows no data of ${metrics(answers).join(', ')}.` : undefined;
}

/** Returns the names of the metrics in queries. */
function metrics(answers: Answer[]): string[] {
  return [...new Set(answers.flatMap(({ target }) => target.expr.match(/\b[a-z]\w*_\w+(?=[{[)])/gi) ?? []))];
}
