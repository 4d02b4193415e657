/** An error that the user can fix. Only its message, one sentence, is shown. */
export class Mistake extends Error {}

/** Returns the message of a thrown value. */
export function reason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? ` (${thrown.cause.message})` : '';
  return thrown.message + cause;
}
