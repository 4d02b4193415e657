package basin.aggregator.view;

import basin.aggregator.fold.StudyState;
import basin.record.Event;
import basin.study.Estimator;
import java.util.Collection;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The note on results of estimator versions other than the current ones. */
final class Versions {
    private Versions() {}

    /** Returns one sentence on all such results of a study; empty if there are none. */
    static String note(StudyState study) {
        TreeMap<Estimator, TreeSet<Integer>> others = new TreeMap<>();
        study.runs().stream()
                .flatMap(run -> run.checkpoints().stream())
                .flatMap(checkpoint -> Stream.of(checkpoint.flatness(), checkpoint.layers(), checkpoint.spectra()))
                .flatMap(Collection::stream)
                .map(Event.EstimatorResult.class::cast)
                .filter(one -> one.version() != one.requested().estimator().version())
                .forEach(one -> others.computeIfAbsent(one.requested().estimator(), estimator -> new TreeSet<>())
                        .add(one.version()));
        return others.isEmpty()
                ? ""
                : others.entrySet().stream()
                                .map(one -> one.getKey() + " measured by version "
                                        + one.getValue().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(" and "))
                                        + ", current " + one.getKey().version())
                                .collect(Collectors.joining("; ", "Other versions of estimators: ", ""))
                        + "; they stay until you measure anew, with 'replay --measure'.";
    }
}
