package basin.log.work;

import basin.log.LogRecord;

/**
 * One delivery of a work item.
 *
 * @param record record that describes the work item
 * @param count delivery count of the record, from 1
 */
public record Delivery(LogRecord record, int count) {
    public Delivery {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; deliveries count from 1.");
        }
    }

    /** Returns the work item's id, which is the key of its record. */
    public String id() {
        return record.key();
    }
}
