package basin.aggregator;

import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.record.Event;
import basin.record.Finding;
import basin.record.RecordHeaders;
import basin.record.Revision;
import basin.service.EventWriter;
import basin.study.CorrelationRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the fold whenever it has changed, with two threads: one shows all that was measured and every correlation at once, the other
 * makes the intervals and p-values that take long, and shows and records them. Thread-safe.
 */
final class Analyst implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Analyst.class);
    private static final long LOOK_MILLIS = 1000;
    private static final long MIN_PAUSE_MILLIS = 20;
    /** While events come in, at most a fifth of the time goes into looks at losses alone, and half where anything else has come. */
    private static final long LEISURE = 4;

    private static final long MIN_LEISURE_MILLIS = 300;
    /** Intervals stay so far behind at most, and as long as they take. */
    private static final long MAX_LEISURE_MILLIS = 1000;

    private final LiveFold fold;
    private final Generations generations;
    private final ViewPublisher showing;
    private final EventWriter events;
    private final Snapshots snapshots;
    private final Map<String, InferenceCache> cache = new ConcurrentHashMap<>();
    private final Map<String, Map<CorrelationRow, Finding>> written = new HashMap<>();
    private final Semaphore looks = new Semaphore(0);
    private final Thread points;
    private final Thread intervals;
    private volatile Look newest = new Look(0, List.of(), Set.of());
    private volatile boolean closing;

    /** The look of which all intervals were made last; of the thread that makes them. */
    private long made;

    /** The studies' states at one moment. */
    private record Look(long round, List<StudyState> states, Set<String> givenUp) {}

    Analyst(LiveFold fold, Generations generations, ViewPublisher showing, EventWriter events, Snapshots snapshots) {
        this.fold = fold;
        this.generations = generations;
        this.showing = showing;
        this.events = events;
        this.snapshots = snapshots;
        this.points = thread("aggregator-points", this::showPoints);
        this.intervals = thread("aggregator-intervals", this::makeIntervals);
    }

    /** One round of a thread's work. */
    @FunctionalInterface
    private interface Work {
        void once() throws InterruptedException;
    }

    private Thread thread(String name, Work work) {
        return Thread.ofPlatform().name(name).daemon().unstarted(() -> repeat(work));
    }

    /** Begins. */
    void start() {
        points.start();
        intervals.start();
    }

    private void repeat(Work work) {
        while (!closing) {
            try {
                work.once();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("The analysis failed and is tried again with the next event.", e);
            }
        }
    }

    private void showPoints() throws InterruptedException {
        fold.awaitNews(LOOK_MILLIS);
        long begun = System.nanoTime();
        List<StudyState> states = fold.changes();
        boolean changed = !states.isEmpty();
        if (changed) {
            // What is given up is asked after the states: what is given up in between is news, and comes round again.
            Look look = new Look(newest.round() + 1, states, fold.givenUp());
            newest = look;
            showing.show(drafts(look));
        } else if (generations.takeChanged()) {
            showing.show(List.of());
        }
        looks.release();
        if (changed) {
            // The log goes on being read meanwhile, and closing interrupts.
            long spent = (System.nanoTime() - begun) / 1_000_000;
            Thread.sleep(Math.max(MIN_PAUSE_MILLIS, spent));
            fold.awaitMeasurement(Math.max(MIN_LEISURE_MILLIS, LEISURE * spent) - spent);
        }
    }

    private List<ViewRevision> drafts(Look look) {
        return look.states().stream().map(study -> draft(study, look)).toList();
    }

    private ViewRevision draft(StudyState study, Look look) {
        // Asked before: what is made in between may come too late for this draft.
        Optional<Revision> intervals = showing.intervals(study.studyId());
        Views.Draft draft = Views.points(study, look.givenUp(), cache(study));
        if (draft.whole()) {
            showing.made(draft.view());
            return ViewRevision.whole(draft.view(), look.round());
        }
        return new ViewRevision(draft.view(), intervals, look.round());
    }

    private InferenceCache cache(StudyState study) {
        return cache.computeIfAbsent(study.studyId(), id -> new InferenceCache());
    }

    private void makeIntervals() throws InterruptedException {
        if (looks.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            looks.drainPermits();
        }
        snapshots.keep(fold);
        Look look = newest;
        if (look.round() == made) {
            return;
        }
        made = look.round();
        long begun = System.nanoTime();
        List<ViewRevision> ready = new ArrayList<>();
        for (StudyState study : look.states()) {
            StudyView view = Views.of(study, look.givenUp(), cache(study));
            showing.made(view);
            ready.add(ViewRevision.whole(view, look.round()));
            write(view);
        }
        Look now = newest;
        // Where the points have gone on, they are shown again with the intervals that there are now.
        showing.show(now.round() == look.round() ? ready : drafts(now));
        long spent = (System.nanoTime() - begun) / 1_000_000;
        Thread.sleep(Math.clamp(LEISURE * spent, MIN_LEISURE_MILLIS, MAX_LEISURE_MILLIS));
    }

    /** Records the rows that have changed. */
    private void write(StudyView view) {
        Map<CorrelationRow, Finding> before = written.computeIfAbsent(view.studyId(), study -> new HashMap<>());
        for (StudyView.RowView row : view.rows()) {
            CorrelationRow requested = row.row();
            if (!row.finding().equals(before.put(requested, row.finding()))) {
                var _ = events.write(
                        new Event.CorrelationComputed(
                                view.studyId(), Generations.LIVE, view.revision(), requested, row.finding()),
                        Map.of(RecordHeaders.STUDY, view.studyId()));
            }
        }
    }

    /** Ends both threads; what they are at they leave. */
    @Override
    public void close() {
        closing = true;
        points.interrupt();
        intervals.interrupt();
    }
}
