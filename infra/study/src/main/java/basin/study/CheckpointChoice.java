package basin.study;

import java.util.Collection;

/** A choice of the checkpoints of a run to which a protocol is applied. */
public enum CheckpointChoice {
    /** Every checkpoint. */
    ALL,
    /** Checkpoints at which an excess loss was first reached, and the last checkpoint. */
    MATCHED;

    /** Returns whether a checkpoint published for these reasons is chosen. */
    public boolean chooses(Collection<Trigger> triggers) {
        return this == ALL || triggers.stream().anyMatch(trigger -> trigger.kind() != Trigger.Kind.SCHEDULED);
    }
}
