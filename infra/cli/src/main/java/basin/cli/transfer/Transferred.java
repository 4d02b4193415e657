package basin.cli.transfer;

import java.util.List;

/**
 * The result of an export or import.
 *
 * @param studyId the study's id
 * @param topics in the order of writing
 * @param checkpoints number of the study's checkpoints
 * @param withWeights number of these whose weights were written or already existed
 */
public record Transferred(String studyId, List<Topic> topics, int checkpoints, int withWeights) {
    public Transferred {
        topics = List.copyOf(topics);
    }

    /**
     * The records of one topic.
     *
     * @param written number of records written
     * @param there number of records that already existed and were skipped
     */
    public record Topic(String name, long written, long there) {}
}
