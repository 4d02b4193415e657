package basin.record;

import java.util.Arrays;
import java.util.List;

/** Every topic, with its purpose and settings as code. */
public enum Topic {
    /** Studies as submitted. */
    STUDY("basin.study", Kind.RECORD),
    /** Runs declared, finished, failed. */
    RUN("basin.run", Kind.RECORD),
    /** Losses. */
    LOSS("basin.loss", Kind.RECORD),
    /** Checkpoints whose weights are complete. */
    CHECKPOINT("basin.checkpoint", Kind.RECORD),
    /** Flatness of checkpoints. */
    FLATNESS("basin.flatness", Kind.RECORD),
    /** Accuracies of checkpoints. */
    DOWNSTREAM("basin.downstream", Kind.RECORD),
    /** Rows of the table of correlations: derived, never an input to the fold. */
    CORRELATION("basin.correlation", Kind.COMPACTED),
    /** Chunks of checkpoints. */
    WEIGHTS("basin.weights", Kind.RECORD),
    /** Chunks of the newest complete state of every run, two alternating slots. */
    RESUME("basin.resume", Kind.COMPACTED),
    /** What the aggregator has folded, so that it starts fast: derived, two alternating slots, never needed. */
    SNAPSHOT("basin.snapshot", Kind.COMPACTED),
    /** Studies to expand. */
    WORK_STUDY("basin.work.study", Kind.WORK),
    /** Runs to go on with, one segment a record. */
    WORK_RUN("basin.work.run", Kind.WORK),
    /** Checkpoints to probe. */
    WORK_PROBE("basin.work.probe", Kind.WORK),
    /** Checkpoints to evaluate. */
    WORK_EVALUATE("basin.work.evaluate", Kind.WORK),
    /** Records that could not be handled, with their origin. */
    DEAD_LETTER("basin.dead-letter", Kind.RECORD);

    private final String topicName;
    private final Kind kind;

    Topic(String topicName, Kind kind) {
        this.topicName = topicName;
        this.kind = kind;
    }

    /** How a topic is kept. */
    public enum Kind {
        /** For ever, in full. */
        RECORD,
        /** The newest record of every key. */
        COMPACTED,
        /** For ever, read by a share group only. */
        WORK
    }

    /** The topic's name in Kafka. */
    public String topicName() {
        return topicName;
    }

    /** How it is kept. */
    public Kind kind() {
        return kind;
    }

    /** The topics that the fold reads. */
    public static List<Topic> folded() {
        return List.of(STUDY, RUN, LOSS, CHECKPOINT, FLATNESS, DOWNSTREAM);
    }

    /** The topic of that name in Kafka. */
    public static java.util.Optional<Topic> named(String name) {
        return Arrays.stream(values())
                .filter(topic -> topic.topicName.equals(name))
                .findFirst();
    }
}
