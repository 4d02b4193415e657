package basin.aggregator;

import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.record.Revision;
import basin.service.ServiceShell;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is shown of all studies: first at {@code /metrics}, all of it at once for whoever scrapes, then as JSON and to whoever watches. What
 * is shown never goes back to an earlier look at the fold. Thread-safe.
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
     * Shows nothing yet.
     *
     * @param generations are the answers to other questions that are shown beside
     * @param watchers are told of what is published, on the event loop
     */
    ViewPublisher(
            ServiceShell shell, Supplier<List<Generation>> generations, Consumer<Collection<PublishedView>> watchers) {
        this.shell = shell;
        this.generations = generations;
        this.watchers = watchers;
        this.metrics = new StudyMetrics(shell.metrics());
    }

    /** Every study's newest view. */
    Collection<PublishedView> published() {
        return published.values();
    }

    /** The newest revision of which all of a study's intervals and p-values were made. */
    synchronized Optional<Revision> intervals(String studyId) {
        return Optional.ofNullable(intervals.get(studyId));
    }

    /** Knows that all intervals and p-values of this view were made, whether it is shown or a later one is. */
    synchronized void made(StudyView whole) {
        intervals.merge(
                whole.studyId(), whole.revision(), (known, now) -> now.events() >= known.events() ? now : known);
    }

    /** Shows these in the place of earlier ones of the same studies; those that are earlier themselves are left out. */
    synchronized void show(Collection<ViewRevision> given) {
        List<ViewRevision> newer = given.stream()
                .filter(one -> Optional.ofNullable(shown.get(one.view().studyId()))
                        .filter(before -> before.isBeyond(one))
                        .isEmpty())
                .toList();
        newer.forEach(one -> shown.put(one.view().studyId(), one));
        shell.changeMetrics(() -> metrics.show(shown.values(), generations.get()));
        List<PublishedView> now = newer.stream().map(PublishedView::now).toList();
        now.forEach(one -> published.put(one.view().studyId(), one));
        shell.vertx().runOnContext(nothing -> watchers.accept(now));
    }
}
