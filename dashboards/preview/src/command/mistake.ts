/** Something that a user can mend; its message is one sentence and is all that is shown. */
export class Mistake extends Error {}

/** The text of whatever was thrown. */
export function reason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? ` (${thrown.cause.message})` : '';
  return thrown.message + cause;
}
