package basin.study;

import java.util.Collection;

/** Which checkpoints of a run a protocol is asked for. */
public enum CheckpointChoice {
    /** Every checkpoint. */
    ALL,
    /** Those at which an excess loss was first reached, and the last. */
    MATCHED;

    /** Whether a checkpoint published for these reasons is chosen. */
    public boolean chooses(Collection<Trigger> triggers) {
        return this == ALL || triggers.stream().anyMatch(trigger -> trigger.kind() != Trigger.Kind.SCHEDULED);
    }
}
