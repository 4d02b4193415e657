package basin.service;

/** What became of an event that was read. */
public enum EventOutcome {
    /** It told something new. */
    TAKEN,
    /** The same event was read before. */
    DUPLICATE,
    /** An event of the same id but another payload was read before. */
    CONFLICT,
    /** It could not be decoded. */
    MALFORMED
}
