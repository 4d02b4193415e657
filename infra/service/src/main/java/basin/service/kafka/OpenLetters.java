package basin.service.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The dead letters that wait for somebody to look: those that nobody has driven again. A function of the set of records, whatever
 * their order. Holds ids, no payloads. Safe for use by several threads.
 */
public final class OpenLetters {
    /** By letter, the key of its record where that is a piece of work, else nothing. */
    private final Map<String, String> open = new HashMap<>();

    private final Map<String, Integer> parked = new HashMap<>();
    private final Set<String> redriven = new HashSet<>();

    /** Takes a record of the dead-letter topic. */
    public synchronized void take(LogRecord record) {
        DeadLetter.redriven(record).ifPresent(this::close);
        DeadLetter.of(record).ifPresent(this::open);
    }

    private void open(DeadLetter letter) {
        String piece = letter.isWork() ? letter.record().key() : "";
        if (!redriven.contains(letter.id()) && open.putIfAbsent(letter.id(), piece) == null && !piece.isEmpty()) {
            parked.merge(piece, 1, Integer::sum);
        }
    }

    private void close(String letter) {
        redriven.add(letter);
        String piece = open.remove(letter);
        if (piece != null && !piece.isEmpty()) {
            parked.computeIfPresent(piece, (key, letters) -> letters > 1 ? letters - 1 : null);
        }
    }

    /** Ids of the pieces of work that nobody will do until they are driven again. */
    public synchronized Set<String> parked() {
        return Set.copyOf(parked.keySet());
    }

    /** Whether this piece of work was given up and waits for somebody to look. */
    public synchronized boolean isParked(String pieceId) {
        return parked.containsKey(pieceId);
    }

    /** How many letters wait. */
    public synchronized int count() {
        return open.size();
    }
}
