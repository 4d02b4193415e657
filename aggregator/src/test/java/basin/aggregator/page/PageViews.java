package basin.aggregator.page;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import basin.aggregator.fold.StudyState;
import basin.aggregator.view.StudyView;
import basin.record.Event;
import basin.study.StudySpec;
import java.util.ArrayList;
import java.util.List;

/** Views of one synthetic study, from its first event to its last. */
final class PageViews {
    private static final StudySpec QUICK = SyntheticStudy.quick();

    /** Submitted and declared, nothing trained. */
    static final StudyView NOTHING = PageServer.view(declared());

    /** Four runs have ended. */
    static final StudyView RUNNING = PageServer.view(SyntheticStudy.until(QUICK, 1, 4, false));

    /** Seven runs have ended, one of them failed. */
    static final StudyView LATER = PageServer.view(SyntheticStudy.until(QUICK, 1, 7, true));

    /** Six runs have ended. */
    static final StudyState BEFORE = PageServer.state(SyntheticStudy.until(QUICK, 1, 6, false));

    /** Seven runs have ended. */
    static final StudyState AFTER = PageServer.state(SyntheticStudy.until(QUICK, 1, 7, false));

    /** All runs have ended. */
    static final StudyView DONE = PageServer.view(SyntheticStudy.complete(QUICK, 1));

    /** All runs have ended, and spectra were measured. */
    static final StudyView SPECTRA = PageServer.view(SyntheticStudy.complete(SyntheticStudy.withSpectra(), 1));

    /** Every run failed. */
    static final StudyView FAILED = PageServer.view(failed());

    /** Incomplete, with no more events to come. */
    static final StudyView INCOMPLETE = in("incomplete", LATER);

    private PageViews() {}

    private static List<Event> declared() {
        return SyntheticStudy.until(QUICK, 1, 0, false).stream()
                .filter(event -> event instanceof Event.StudySubmitted || event instanceof Event.RunDeclared)
                .toList();
    }

    private static List<Event> failed() {
        List<Event> events = new ArrayList<>(declared());
        for (Event event : declared()) {
            if (event instanceof Event.RunDeclared run) {
                events.add(new Event.RunFailed(run.runId(), 50, "Its loss is no longer a number."));
            }
        }
        return events;
    }

    private static StudyView in(String state, StudyView view) {
        return new StudyView(
                view.studyId(),
                view.name(),
                view.language(),
                state,
                view.revision(),
                view.headline(),
                view.more(),
                view.levels(),
                view.band(),
                view.seed(),
                view.confidence(),
                view.pointConfidence(),
                view.loss(),
                view.optimum(),
                view.sizes(),
                view.tasks(),
                view.protocols(),
                view.measures(),
                view.settings(),
                view.done(),
                view.runs(),
                view.rows(),
                view.arms(),
                view.claim(),
                view.rankings(),
                view.budgets());
    }
}
