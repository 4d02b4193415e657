package basin.it.bench;

import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks the history of a log: the acknowledgements that writers got, the records that a continuous
 * reader saw, and the final content. There are four anomalies. Lost: a record was acknowledged or
 * seen but does not exist. Unseen: a record exists but was not seen. Duplicated: one write left two
 * records, or the reader was given one twice. Reordered: events of a run are in another order than
 * they were written in. Thread-safe.
 *
 * <p>Repeated work writes its events again under the same ids. That is no anomaly and is counted
 * separately.
 */
final class History {
    /** Ids of the events that the reader was given, by position. */
    private final Map<LogPosition, String> witnessed = new HashMap<>();

    private final Map<String, Long> newestOffset = new HashMap<>();
    /** Events of the single writer by id, in the order of writing; true if acknowledged. */
    private final Map<String, Boolean> written = new LinkedHashMap<>();

    private final List<String> anomalies = new ArrayList<>();
    private int again;
    private int records;

    /** Notes that the writer, which never writes an event twice, is about to write this one. */
    synchronized void isWriting(Event event) {
        written.put(event.id(), false);
    }

    /** Notes that the writer got an acknowledgement for the event. */
    synchronized void isAcknowledged(Event event) {
        written.put(event.id(), true);
    }

    /** Notes that the continuous reader was given a record. */
    synchronized void isSeen(LogRecord record) {
        String before = witnessed.put(record.position(), idOf(record));
        if (before != null) {
            anomalies.add("duplicated: " + record.position() + " was handed over twice");
        }
        String partition = record.topic() + "-" + record.partition();
        Long newest = newestOffset.put(partition, record.offset());
        if (newest != null && newest >= record.offset()) {
            anomalies.add("reordered: " + record.position() + " was handed over after offset " + newest);
        }
    }

    /**
     * Returns how many events the single writer has written, and how many of them were
     * acknowledged.
     */
    synchronized String writing() {
        return String.format(
                "%,d written, %,d of them acknowledged",
                written.size(),
                written.values().stream().filter(Boolean::booleanValue).count());
    }

    /**
     * Compares the history with the final content of the log, given in the order of each partition.
     */
    synchronized void isThere(List<LogRecord> log) {
        Set<LogPosition> there = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        Map<String, Integer> newestStep = new TreeMap<>();
        List<String> order = new ArrayList<>(written.keySet());
        Map<String, Integer> place = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            place.put(order.get(i), i);
        }
        int newestPlace = -1;
        for (LogRecord record : log) {
            records++;
            there.add(record.position());
            String id = idOf(record);
            String seen = witnessed.get(record.position());
            if (seen == null) {
                anomalies.add("unseen: " + record.position());
            } else if (!seen.equals(id)) {
                anomalies.add("lost: " + record.position() + " held another event when it was seen");
            }
            boolean first = times.merge(id, 1, Integer::sum) == 1;
            if (written.containsKey(id)) {
                if (!first) {
                    anomalies.add("duplicated: one write left " + id + " twice");
                }
                int now = place.getOrDefault(id, -1);
                if (now < newestPlace) {
                    anomalies.add("reordered: " + id + " lies behind a later one of its run");
                }
                newestPlace = Math.max(newestPlace, now);
            } else if (first) {
                steps(record, newestStep);
            } else {
                again++;
            }
        }
        witnessed.keySet().stream()
                .filter(position -> !there.contains(position))
                .forEach(position -> anomalies.add("lost: " + position + " was seen"));
        written.forEach((id, acknowledged) -> {
            if (acknowledged && !times.containsKey(id)) {
                anomalies.add("lost: " + id + " was acknowledged");
            }
        });
    }

    /** Checks that the first occurrences of a run's events are in the order of their steps. */
    private void steps(LogRecord record, Map<String, Integer> newestStep) {
        Event event = event(record);
        int step;
        String run;
        if (event instanceof Event.LossMeasured loss) {
            // Full and quick measurements of one step may be in any order, and full ones follow
            // their checkpoint.
            step = loss.full() ? -1 : loss.step();
            run = Topic.LOSS + loss.runId();
        } else if (event instanceof Event.CheckpointPublished checkpoint) {
            step = checkpoint.step();
            run = Topic.CHECKPOINT + checkpoint.runId();
        } else {
            return;
        }
        if (step >= 0 && newestStep.getOrDefault(run, -1) > step) {
            anomalies.add(
                    "reordered: " + record.position() + " is of step " + step + ", behind " + newestStep.get(run));
        }
        newestStep.merge(run, step, Math::max);
    }

    private static Event event(LogRecord record) {
        try {
            return EventCodec.decode(record.value());
        } catch (MalformedEventException poison) {
            throw new IllegalStateException(record.position() + " is no event: " + poison.getMessage(), poison);
        }
    }

    private static String idOf(LogRecord record) {
        return event(record).id();
    }

    /** Returns all anomalies, one sentence each. */
    synchronized List<String> anomalies() {
        return List.copyOf(anomalies);
    }

    /** Returns the number of records in the final log. */
    synchronized int records() {
        return records;
    }

    /** Returns the number of records that repeated work wrote with the same content. */
    synchronized int again() {
        return again;
    }
}
