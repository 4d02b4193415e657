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
 * A cache of inference results per row of one study's table, for the study's own question. A row's
 * result depends only on its points, its name and the question, so it is not recomputed while the
 * points are unchanged. Holds one entry per row and kind of inference. Thread-safe.
 */
public final class InferenceCache {
    final Told<Inference> withP = new Told<>();
    final Told<Inference> withoutP = new Told<>();
    final Told<Optional<ClusterBootstrap.Description>> described = new Told<>();
    final Told<DependentCorrelations.Result> dependent = new Told<>();

    /**
     * Results of one kind by row.
     *
     * @param <T> type of the result
     */
    static final class Told<T> {
        private final Map<CorrelationRow, Entry<T>> entries = new ConcurrentHashMap<>();

        /**
         * A cached result of a row.
         *
         * @param points points from which it was computed
         * @param as latest revision for which the result is known to be valid
         */
        record Entry<T>(List<?> points, T reported, Revision as) {}

        /** Returns the cached result if it was computed from exactly these points. */
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

        /** Returns the row's last result, from any points. */
        Optional<Entry<T>> last(CorrelationRow row) {
            return Optional.ofNullable(entries.get(row));
        }

        /** Returns the result from these points, computing it if it is not cached. */
        T of(CorrelationRow row, List<?> points, Revision now, Supplier<T> infer) {
            return known(row, points, now).orElseGet(() -> {
                T reported = infer.get();
                entries.put(row, new Entry<>(List.copyOf(points), reported, now));
                return reported;
            });
        }
    }
}
