package basin.study;

/**
 * Why a checkpoint was published.
 *
 * @param kind the reason
 * @param value the step, or for {@link Kind#EXCESS} the target in nats
 */
public record Trigger(Kind kind, double value) {

    /** A reason to publish. */
    public enum Kind {
        /** The schedule names this step. */
        SCHEDULED,
        /** The excess loss was at or below the target for the first time. */
        EXCESS,
        /** The run's last step. */
        LAST
    }
}
