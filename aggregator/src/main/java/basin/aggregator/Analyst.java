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
 * Analyses the fold whenever it has changed, on two threads. One publishes all measurements and
 * correlations immediately. The other computes the intervals and p-values, which takes longer, then
 * publishes and records them. Thread-safe.
 */
final class Analyst implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Analyst.class);
    private static final long LOOK_MILLIS = 1000;
    private static final long MIN_PAUSE_MILLIS = 20;
    /**
     * Idle time per unit of analysis time. While events arrive, analyses of losses alone take at
     * most a fifth of the time, and analyses of other events at most half.
     */
    private static final long LEISURE = 4;

    private static final long MIN_LEISURE_MILLIS = 300;
    /**
     * Upper limit on the idle time between two computations of intervals. Intervals lag behind by
     * at most this and the time of their computation.
     */
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

    /**
     * Round of the last look whose intervals were all computed; confined to the thread that
     * computes them.
     */
    private long made;

    /**
     * The states of the studies at one moment.
     *
     * @param round number of the analysis; later ones have larger numbers
     */
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

    /** Starts both threads. */
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
            // Dead letters are read after the states. One that arrives in between triggers another
            // round.
            Look look = new Look(newest.round() + 1, states, fold.givenUp());
            newest = look;
            showing.show(drafts(look));
        } else if (generations.takeChanged()) {
            showing.show(List.of());
        }
        looks.release();
        if (changed) {
            // The log is read meanwhile, and closing interrupts the pause.
            long spent = (System.nanoTime() - begun) / 1_000_000;
            Thread.sleep(Math.max(MIN_PAUSE_MILLIS, spent));
            fold.awaitMeasurement(Math.max(MIN_LEISURE_MILLIS, LEISURE * spent) - spent);
        }
    }

    private List<ViewRevision> drafts(Look look) {
        return look.states().stream().map(study -> draft(study, look)).toList();
    }

    private ViewRevision draft(StudyState study, Look look) {
        // Read before the draft, because intervals that are computed meanwhile may come too late
        // for this draft.
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
        // If newer points were published meanwhile, publish them again with the new intervals.
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

    /** Stops both threads and abandons their work in progress. */
    @Override
    public void close() {
        closing = true;
        points.interrupt();
        intervals.interrupt();
    }
}
