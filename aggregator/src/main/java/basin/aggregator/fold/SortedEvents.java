package basin.aggregator.fold;

import basin.record.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * Events sorted by unsigned 128-bit keys. A run's events mostly arrive in order and are appended.
 * Other insertions move the later entries, which are few enough. Arrays are used because the
 * entries of a tree would need more memory than the events. Not thread-safe.
 */
final class SortedEvents<E extends Event> {
    private static final int LEAST = 4;

    private long[] high = new long[LEAST];
    private long[] low = new long[LEAST];
    private final List<E> events = new ArrayList<>(LEAST);

    /** Inserts an event, replacing one with the same key. */
    void put(long keyHigh, long keyLow, E event) {
        put(keyHigh, keyLow, event, (before, now) -> now);
    }

    /**
     * Inserts an event. If the key exists, the function chooses between the old and the new event.
     */
    void put(long keyHigh, long keyLow, E event, BinaryOperator<E> chosen) {
        int place = place(keyHigh, keyLow);
        int size = events.size();
        if (place < size && high[place] == keyHigh && low[place] == keyLow) {
            events.set(place, chosen.apply(events.get(place), event));
            return;
        }
        if (size == high.length) {
            int more = size + (size >> 1) + 1;
            high = Arrays.copyOf(high, more);
            low = Arrays.copyOf(low, more);
        }
        System.arraycopy(high, place, high, place + 1, size - place);
        System.arraycopy(low, place, low, place + 1, size - place);
        high[place] = keyHigh;
        low[place] = keyLow;
        events.add(place, event);
    }

    Stream<E> stream() {
        return events.stream();
    }

    /** Returns the first index whose key is not below the given one. */
    private int place(long keyHigh, long keyLow) {
        int from = 0;
        int to = events.size();
        if (to > 0 && compare(to - 1, keyHigh, keyLow) < 0) {
            return to;
        }
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(middle, keyHigh, keyLow) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private int compare(int place, long keyHigh, long keyLow) {
        int byHigh = Long.compareUnsigned(high[place], keyHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low[place], keyLow);
    }
}
