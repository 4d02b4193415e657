package basin.log;

/**
 * A position in the log.
 *
 * @param topic topic name
 * @param partition partition, from 0
 * @param offset offset in the partition, from 0
 */
public record LogPosition(String topic, int partition, long offset) {
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
