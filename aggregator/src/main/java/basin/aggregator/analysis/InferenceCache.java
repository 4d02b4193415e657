package basin.aggregator.analysis;

import basin.aggregator.statistics.DependentCorrelations;
import basin.aggregator.statistics.Inference;
import basin.record.Revision;
import basin.study.CorrelationRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was inferred last of each row of one study's table by its own question, and from which points. What a row comes to depends on its
 * points, its name and the question alone: while the points stay, so does what they tell, and it is not computed again. Holds one entry a
 * row and kind of inference. Thread-safe.
 */
public final class InferenceCache {
    final Told<Inference> withP = new Told<>();
    final Told<Inference> withoutP = new Told<>();
    final Told<Optional<ClusterBootstrap.Description>> described = new Told<>();
    final Told<DependentCorrelations.Result> dependent = new Told<>();

    /**
     * Results of one kind by row.
     *
     * @param <T> what is inferred
     */
    static final class Told<T> {
        private final Map<CorrelationRow, Entry<T>> entries = new ConcurrentHashMap<>();

        /**
         * What is known of a row.
         *
         * @param points that it was inferred from
         * @param as of which revision it was computed, or found unchanged
         */
        record Entry<T>(List<?> points, T reported, Revision as) {}

        /** What these points told, where the row was inferred from just these. */
        Optional<T> known(CorrelationRow row, List<?> points, Revision now) {
            Entry<T> entry = entries.get(row);
            if (entry == null || !entry.points().equals(points)) {
                return Optional.empty();
            }
            if (entry.as().events() < now.events()) {
                entries.replace(row, entry, new Entry<>(entry.points(), entry.reported(), now));
            }
            return Optional.of(entry.reported());
        }

        /** What was inferred of the row last, from whatever points. */
        Optional<Entry<T>> last(CorrelationRow row) {
            return Optional.ofNullable(entries.get(row));
        }

        /** What these points tell, inferred now if it is not known. */
        T of(CorrelationRow row, List<?> points, Revision now, Supplier<T> infer) {
            return known(row, points, now).orElseGet(() -> {
                T reported = infer.get();
                entries.put(row, new Entry<>(List.copyOf(points), reported, now));
                return reported;
            });
        }
    }
}
