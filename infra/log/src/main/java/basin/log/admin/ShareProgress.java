package basin.log.admin;

import java.util.Optional;

/**
 * How far a share group has come with one partition.
 *
 * @param start every record before this offset is settled: accepted, rejected or given up. The broker notes it one
 *     settlement late, so that it may lie before records that are settled
 * @param unsettled how many records of the partition are not settled, empty if the broker cannot tell
 */
public record ShareProgress(long start, Optional<Long> unsettled) {
    /**
     * Whether the group is done with the record at this offset, so that it cannot be delivered again. May say no for a
     * while although it is; never the other way.
     *
     * @param offset of a record that was in the log when this progress was asked for
     */
    public boolean isPast(long offset) {
        return offset < start || unsettled.filter(count -> count == 0).isPresent();
    }
}
