package basin.log.admin;

import java.time.Duration;
import java.util.Map;

/**
 * The desired settings of a share group: what it is made with, and what it is checked against.
 *
 * @param config group configuration by Kafka's names
 */
public record ShareGroupSpec(Map<String, String> config) {
    /** The usual duration of the lock on a record unless it is renewed. */
    public static final Duration LOCK = Duration.ofSeconds(15);

    /**
     * Number of deliveries after which Kafka gives a record up; exceeds the number after which a
     * work item is dead-lettered, to leave enough for dead-lettering it.
     */
    public static final int DELIVERIES = 10;

    /** Broker settings without which a broker refuses such groups: the smallest value of each. */
    static final Map<String, Long> BROKER_LIMITS = Map.of(
            "group.share.max.delivery.count.limit",
            (long) DELIVERIES,
            "group.share.max.record.lock.duration.ms",
            LOCK.toMillis());

    public ShareGroupSpec {
        config = Map.copyOf(config);
    }

    /**
     * Returns the settings of a group that starts at the earliest record, with renewable locks.
     *
     * @param lock duration of the lock on a record unless it is renewed
     */
    public static ShareGroupSpec of(Duration lock) {
        return new ShareGroupSpec(Map.of(
                "share.auto.offset.reset",
                "earliest",
                "share.record.lock.duration.ms",
                Long.toString(lock.toMillis()),
                "share.renew.acknowledge.enable",
                "true",
                "share.delivery.count.limit",
                Integer.toString(DELIVERIES)));
    }
}
