package basin.cli.transfer;

import java.util.List;

/**
 * What was written.
 *
 * @param studyId the study
 * @param topics in the order of writing
 * @param checkpoints of the study
 * @param withWeights of these, whose weights were written or were there
 */
public record Transferred(String studyId, List<Topic> topics, int checkpoints, int withWeights) {
    public Transferred {
        topics = List.copyOf(topics);
    }

    /**
     * The records of one topic.
     *
     * @param written how many were written
     * @param there how many were there already and were left alone
     */
    public record Topic(String name, long written, long there) {}
}
