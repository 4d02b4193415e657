package basin.service;

/** The outcome of reading an event. */
public enum EventOutcome {
    /** The event is new. */
    TAKEN,
    /** The same event was read before. */
    DUPLICATE,
    /** An event with the same id but a different payload was read before. */
    CONFLICT,
    /** The event could not be decoded. */
    MALFORMED
}
