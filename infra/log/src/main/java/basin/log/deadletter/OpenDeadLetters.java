package basin.log.deadletter;

import basin.log.LogRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The dead letters that wait for somebody to look: those that nobody has driven again. A function of the set of records, whatever
 * their order. Holds ids, no payloads. Safe for use by several threads.
 */
public final class OpenDeadLetters {
    /** By dead letter, the key of its record where that is a work item, else nothing. */
    private final Map<String, String> open = new HashMap<>();

    private final Map<String, Integer> givenUp = new HashMap<>();
    private final Set<String> redriven = new HashSet<>();

    /** Takes a record of the dead-letter topic. */
    public synchronized void take(LogRecord record) {
        DeadLetter.redriven(record).ifPresent(this::close);
        DeadLetter.of(record).ifPresent(this::open);
    }

    private void open(DeadLetter deadLetter) {
        String item = deadLetter.isWork() ? deadLetter.record().key() : "";
        if (!redriven.contains(deadLetter.id()) && open.putIfAbsent(deadLetter.id(), item) == null && !item.isEmpty()) {
            givenUp.merge(item, 1, Integer::sum);
        }
    }

    private void close(String deadLetter) {
        redriven.add(deadLetter);
        String item = open.remove(deadLetter);
        if (item != null && !item.isEmpty()) {
            givenUp.computeIfPresent(item, (key, deadLetters) -> deadLetters > 1 ? deadLetters - 1 : null);
        }
    }

    /** Ids of the work items that nobody will do until they are driven again. */
    public synchronized Set<String> givenUp() {
        return Set.copyOf(givenUp.keySet());
    }

    /** Whether this work item was given up and waits for somebody to look. */
    public synchronized boolean isGivenUp(String itemId) {
        return givenUp.containsKey(itemId);
    }

    /** How many dead letters wait. */
    public synchronized int count() {
        return open.size();
    }
}
