package basin.aggregator.fold;

import static org.assertj.core.api.Assertions.assertThat;

import basin.record.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests of the compact collections against those of the JDK. */
class EventTableTest {
    private final SplittableRandom random = new SplittableRandom(1);

    private static Event event(int number) {
        return new Event.RunFinished("run", number, number, 1);
    }

    @Test
    void theTableIsAMap() {
        EventTable table = new EventTable(0);
        Map<List<Long>, Event> map = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            // A few distinct halves make halves, and some ids, repeat.
            long high = random.nextLong(200);
            long low = random.nextLong(200) << 32;
            table.put(high, low, event(i));
            map.put(List.of(high, low), event(i));
        }
        assertThat(table.size()).isEqualTo(map.size());
        Map<List<Long>, Event> read = new HashMap<>();
        map.keySet().forEach(id -> read.put(id, table.get(id.get(0), id.get(1))));
        assertThat(read).isEqualTo(map);
        assertThat(table.get(201, 0)).isNull();
        List<Event> all = new ArrayList<>();
        table.forEach(all::add);
        assertThat(all).hasSameSizeAs(map.values());
        assertThat(new HashSet<>(all)).isEqualTo(new HashSet<>(map.values()));
    }

    @Test
    void sortedEventsAreATreeOfUnsignedKeys() {
        for (boolean ascending : new boolean[] {true, false}) {
            SortedEvents<Event> sorted = new SortedEvents<>();
            TreeMap<String, Event> tree = new TreeMap<>();
            for (int i = 0; i < 3000; i++) {
                long high = ascending ? i : random.nextLong() >> 58;
                long low = ascending ? 0 : random.nextLong(50);
                sorted.put(high, low, event(i));
                tree.put(String.format("%016x%016x", high, low), event(i));
            }
            assertThat(sorted.stream()).containsExactlyElementsOf(tree.values());
        }
    }

    @Test
    void anIdIsTwoHalves() {
        String id = event(1).id();
        assertThat(String.format("%016x%016x", EventTable.high(id), EventTable.low(id)))
                .isEqualTo(id);
    }
}
