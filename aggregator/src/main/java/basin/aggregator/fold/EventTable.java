package basin.aggregator.fold;

import basin.record.Event;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of events by id, with 20 bytes per slot. A map with string keys would need more
 * memory for the ids than most events need themselves. Uses open addressing with linear probing. An
 * id is 128 bits of a SHA-256, so any 64 of them are uniformly distributed. Not thread-safe.
 */
final class EventTable {
    private static final int LEAST = 64;
    /** Places made room for at once; an image's number of events is not trusted beyond that. */
    private static final int MOST = 1 << 22;

    /** Two halves per slot. */
    private long[] ids;

    private @Nullable Event[] events;
    private int size;

    /** Creates an empty table with room for a number of events. */
    EventTable(int expected) {
        int places = LEAST;
        while (4L * expected > 3L * places && places < MOST) {
            places *= 2;
        }
        ids = new long[2 * places];
        events = new Event[places];
    }

    /** Returns the upper half of an id of 32 hexadecimal digits. */
    static long high(String id) {
        return Long.parseUnsignedLong(id, 0, 16, 16);
    }

    /** Returns the lower half of an id of 32 hexadecimal digits. */
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

    /** Stores an event, replacing one with the same id. */
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

    /** Passes every event to the consumer in an unspecified order. */
    void forEach(Consumer<Event> each) {
        for (Event event : events) {
            if (event != null) {
                each.accept(event);
            }
        }
    }

    /** Returns the slot of the id's event, or the free slot for it. */
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
