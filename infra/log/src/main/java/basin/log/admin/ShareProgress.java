package basin.log.admin;

import java.util.Optional;

/**
 * A share group's progress in one partition.
 *
 * @param start offset before which every record is settled: accepted, rejected or given up. The
 *     broker updates it one settlement late, so records at or after it may be settled too
 * @param unsettled number of records of the partition that are not settled; empty if the broker
 *     cannot tell
 */
public record ShareProgress(long start, Optional<Long> unsettled) {
    /**
     * Returns whether the group has settled the record at an offset, so that it cannot be delivered
     * again. May return false for some time after the record is settled, but never true before.
     *
     * @param offset offset of a record that was in the log when this progress was requested
     */
    public boolean isPast(long offset) {
        return offset < start || unsettled.filter(count -> count == 0).isPresent();
    }
}
