package basin.log.work;

import basin.log.LogRecord;

/**
 * A work item as it is handed out.
 *
 * @param record the record that describes the work item
 * @param count the how-manieth delivery of the record this is, from 1
 */
public record Delivery(LogRecord record, int count) {
    public Delivery {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; deliveries count from 1.");
        }
    }

    /** The work item's id: the key of its record. */
    public String id() {
        return record.key();
    }
}
