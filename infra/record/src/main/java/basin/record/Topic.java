package basin.record;

import java.util.Arrays;
import java.util.List;

/** All Kafka topics, with their purpose and retention. */
public enum Topic {
    /** Submitted studies and their controls. */
    STUDY("basin.study", Kind.RECORD),
    /** Runs declared, finished and failed. */
    RUN("basin.run", Kind.RECORD),
    /** Losses. */
    LOSS("basin.loss", Kind.RECORD),
    /** Checkpoints whose weights are complete. */
    CHECKPOINT("basin.checkpoint", Kind.RECORD),
    /** Flatness of checkpoints. */
    FLATNESS("basin.flatness", Kind.RECORD),
    /** Accuracies of checkpoints. */
    DOWNSTREAM("basin.downstream", Kind.RECORD),
    /** Rows of the table of correlations, which are derived and never an input of the fold. */
    CORRELATION("basin.correlation", Kind.COMPACTED),
    /** Chunks of checkpoints. */
    WEIGHTS("basin.weights", Kind.RECORD),
    /** Chunks of the newest complete training state of every run, in two alternating slots. */
    RESUME("basin.resume", Kind.COMPACTED),
    /**
     * The aggregator's state, so that it starts fast. It is derived and never needed, and has two
     * alternating slots.
     */
    SNAPSHOT("basin.snapshot", Kind.COMPACTED),
    /** Studies to expand. */
    WORK_STUDY("basin.work.study", Kind.WORK),
    /** Runs to train, one segment per record. */
    WORK_RUN("basin.work.run", Kind.WORK),
    /** Checkpoints for flatness measurement. */
    WORK_PROBE("basin.work.probe", Kind.WORK),
    /** Checkpoints for downstream evaluation. */
    WORK_EVALUATE("basin.work.evaluate", Kind.WORK),
    /** Records that could not be processed, with their origin. */
    DEAD_LETTER("basin.dead-letter", Kind.RECORD);

    private final String topicName;
    private final Kind kind;

    Topic(String topicName, Kind kind) {
        this.topicName = topicName;
        this.kind = kind;
    }

    /** The retention of a topic. */
    public enum Kind {
        /** All records are kept for ever. */
        RECORD,
        /** The newest record of every key is kept. */
        COMPACTED,
        /** All records are kept for ever, and only a share group reads them. */
        WORK
    }

    /** Returns the topic's name in Kafka. */
    public String topicName() {
        return topicName;
    }

    /** Returns the topic's retention. */
    public Kind kind() {
        return kind;
    }

    /** Returns the topics that the fold reads. */
    public static List<Topic> folded() {
        return List.of(STUDY, RUN, LOSS, CHECKPOINT, FLATNESS, DOWNSTREAM);
    }

    /** Returns the topic of that name in Kafka; empty if there is none. */
    public static java.util.Optional<Topic> named(String name) {
        return Arrays.stream(values())
                .filter(topic -> topic.topicName.equals(name))
                .findFirst();
    }
}
