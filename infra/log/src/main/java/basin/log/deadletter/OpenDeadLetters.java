package basin.log.deadletter;

import basin.log.LogRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The open dead letters, which have not been redriven. A function of the set of records,
 * independent of their order. Holds ids but no payloads. Thread-safe.
 */
public final class OpenDeadLetters {
    /**
     * Maps each dead letter to the key of its record if that is a work item, otherwise to the empty
     * string.
     */
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

    /** Returns the ids of the work items that will not be processed until they are redriven. */
    public synchronized Set<String> givenUp() {
        return Set.copyOf(givenUp.keySet());
    }

    /** Returns whether this work item was given up and is open. */
    public synchronized boolean isGivenUp(String itemId) {
        return givenUp.containsKey(itemId);
    }

    /** Returns the number of open dead letters. */
    public synchronized int count() {
        return open.size();
    }
}
