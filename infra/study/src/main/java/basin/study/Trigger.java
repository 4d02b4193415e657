package basin.study;

/**
 * A reason for publishing a checkpoint.
 *
 * @param kind the kind of reason
 * @param value the step, or for {@link Kind#EXCESS} the target in nats
 */
public record Trigger(Kind kind, double value) {

    /** A kind of reason to publish. */
    public enum Kind {
        /** A step of the schedule. */
        SCHEDULED,
        /** An excess loss at or below the target for the first time. */
        EXCESS,
        /** The run's last step. */
        LAST
    }
}
