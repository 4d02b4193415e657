package basin.aggregator.fold;

import basin.record.Event;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events by their ids, at 20 bytes for each place: a map of texts would need more for the ids than most events need themselves. Open
 * addressing with linear probing; an id is 128 bits of a SHA-256, so that any 64 of them spread evenly. One thread.
 */
final class EventTable {
    private static final int LEAST = 64;

    /** Two for each place. */
    private long[] ids = new long[2 * LEAST];

    private @Nullable Event[] events = new Event[LEAST];
    private int size;

    /** An id of 32 hexadecimal digits as two halves. */
    static long high(String id) {
        return Long.parseUnsignedLong(id, 0, 16, 16);
    }

    /** The other half. */
    static long low(String id) {
        return Long.parseUnsignedLong(id, 16, 32, 16);
    }

    int size() {
        return size;
    }

    @Nullable
    Event get(long high, long low) {
        return events[place(high, low)];
    }

    /** Puts an event in, in place of one of the same id. */
    void put(long high, long low, Event event) {
        if (4L * (size + 1) > 3L * events.length) {
            grow();
        }
        int place = place(high, low);
        if (events[place] == null) {
            size++;
        }
        ids[2 * place] = high;
        ids[2 * place + 1] = low;
        events[place] = event;
    }

    /** Hands every event over, in no order that means anything. */
    void forEach(Consumer<Event> each) {
        for (Event event : events) {
            if (event != null) {
                each.accept(event);
            }
        }
    }

    /** Where an event of that id is, or would be. */
    private int place(long high, long low) {
        int mask = events.length - 1;
        int place = (int) high & mask;
        while (events[place] != null && !(ids[2 * place] == high && ids[2 * place + 1] == low)) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldIds = ids;
        @Nullable Event[] old = events;
        ids = new long[2 * oldIds.length];
        events = new Event[2 * old.length];
        for (int i = 0; i < old.length; i++) {
            Event event = old[i];
            if (event != null) {
                int place = place(oldIds[2 * i], oldIds[2 * i + 1]);
                ids[2 * place] = oldIds[2 * i];
                ids[2 * place + 1] = oldIds[2 * i + 1];
                events[place] = event;
            }
        }
    }
}
