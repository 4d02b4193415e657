package basin.log.admin;

/**
 * One reason why a record is not whole, or may lose records.
 *
 * @param kind what happened
 * @param topic topic that it happened to
 * @param text how much is gone, what that means for the numbers, and what to do; without a full
 *     stop
 */
public record RecordFault(Kind kind, String topic, String text) {
    /** A kind of fault. */
    public enum Kind {
        /** Records were deleted from the head of a topic that is kept for ever. */
        DELETED("not whole"),
        /** A topic or one of its partitions is lost. */
        LOST("not whole"),
        /** Weights that checkpoints name are gone. */
        WEIGHTS("not whole"),
        /** A setting was changed so that records are refused, or lost in time. */
        SETTING("at risk"),
        /** A setting was changed that costs no record, but time or space. */
        TUNING("whole, but slow");

        private final String state;

        Kind(String state) {
            this.state = state;
        }
    }

    /** Returns whether records are gone, or may go. */
    public boolean harms() {
        return kind != Kind.TUNING;
    }

    /** Returns the fault as one sentence. */
    public String sentence() {
        return "The record is " + kind.state + ": " + text + ".";
    }
}
