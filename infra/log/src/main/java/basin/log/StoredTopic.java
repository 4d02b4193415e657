package basin.log;

import java.util.Map;
import java.util.Set;

/**
 * A topic as its cluster knows it, whatever is left of its records. Immutable.
 *
 * @param partitions numbers of its partitions, from 0
 * @param replicas smallest number of replicas of a partition, 1 or more
 * @param settings effective settings by Kafka's names; empty if they cannot be read, because the
 *     user may not or the cluster's metadata is not there
 */
public record StoredTopic(Set<Integer> partitions, int replicas, Map<String, String> settings) {
    public StoredTopic {
        partitions = Set.copyOf(partitions);
        settings = Map.copyOf(settings);
    }
}
