package basin.aggregator;

import basin.aggregator.view.AskedAnswer;
import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.record.Revision;
import basin.service.ServiceShell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Publishes the views of all studies: first at {@code /metrics}, where a scrape sees all of a
 * change or none of it, then as JSON and to the clients that watch. A published view is never
 * replaced by one from an earlier round of the analysis. Thread-safe.
 */
final class ViewPublisher {
    private final ServiceShell shell;
    private final Supplier<List<Generation>> generations;
    private final Consumer<Collection<PublishedView>> watchers;
    private final StudyMetrics metrics;
    private final Map<String, ViewRevision> shown = new TreeMap<>();
    private final Map<String, Revision> intervals = new HashMap<>();
    private final Map<String, PublishedView> published = new ConcurrentSkipListMap<>();

    /**
     * Creates a publisher that has published nothing.
     *
     * @param generations the answers to other questions, which are published too
     * @param watchers receives the views that have changed, on the event loop
     */
    ViewPublisher(
            ServiceShell shell, Supplier<List<Generation>> generations, Consumer<Collection<PublishedView>> watchers) {
        this.shell = shell;
        this.generations = generations;
        this.watchers = watchers;
        this.metrics = new StudyMetrics(shell.metrics());
    }

    /** Returns every study's newest view, by study. */
    Collection<PublishedView> published() {
        return published.values();
    }

    /**
     * Returns the newest revision for which all of a study's intervals and p-values were computed.
     */
    synchronized Optional<Revision> intervals(String studyId) {
        return Optional.ofNullable(intervals.get(studyId));
    }

    /**
     * Records that all intervals and p-values of this view were computed, even if a later view is
     * published in its place.
     */
    synchronized void made(StudyView whole) {
        intervals.merge(
                whole.studyId(), whole.revision(), (known, now) -> now.events() >= known.events() ? now : known);
    }

    /**
     * Publishes views in place of earlier ones of the same studies; leaves out those that are
     * themselves earlier. A view to which other questions were answered meanwhile is published
     * again.
     */
    synchronized void show(Collection<ViewRevision> given) {
        List<ViewRevision> newer = given.stream()
                .filter(one -> Optional.ofNullable(shown.get(one.view().studyId()))
                        .filter(before -> before.isBeyond(one))
                        .isEmpty())
                .toList();
        newer.forEach(one -> shown.put(one.view().studyId(), one));
        List<Generation> answers = generations.get();
        shell.changeMetrics(() -> metrics.show(shown.values(), answers));
        Set<String> changed = newer.stream().map(one -> one.view().studyId()).collect(Collectors.toSet());
        List<PublishedView> now = new ArrayList<>();
        for (ViewRevision one : shown.values()) {
            String studyId = one.view().studyId();
            List<AskedAnswer> asked = Generation.asked(answers, studyId);
            Optional<PublishedView> before = Optional.ofNullable(published.get(studyId));
            boolean answered =
                    !before.map(PublishedView::asked).orElse(List.of()).equals(asked);
            if (changed.contains(studyId) || answered) {
                now.add(PublishedView.now(one, asked, before));
            }
        }
        now.forEach(one -> published.put(one.view().studyId(), one));
        shell.vertx().runOnContext(nothing -> watchers.accept(now));
    }
}
