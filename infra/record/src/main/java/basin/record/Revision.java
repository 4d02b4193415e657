package basin.record;

/**
 * Which state of the fold a number belongs to. The same set of events gives the same revision, in whatever order they came.
 *
 * @param events different events folded
 * @param digest of their ids, 16 hexadecimal digits
 */
public record Revision(long events, String digest) {}
