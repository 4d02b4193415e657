package basin.record;

/**
 * A state of the fold that a number belongs to. The same set of events gives the same revision, in
 * any order.
 *
 * @param events number of different events folded
 * @param digest digest of their ids, 16 hexadecimal digits
 */
public record Revision(long events, String digest) {}
