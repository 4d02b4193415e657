package basin.aggregator;

import basin.aggregator.view.StudyView;
import basin.record.Revision;
import java.util.Optional;

/**
 * A view, and the revision of its intervals. Immutable.
 *
 * @param intervals the newest revision of which all intervals and p-values were computed. No
 *     interval in the view is older. It equals the view's own revision if none is missing, and is
 *     empty before there were any
 * @param round number of the analysis that it comes from; later ones have larger numbers
 */
record ViewRevision(StudyView view, Optional<Revision> intervals, long round) {
    /** Returns a view that lacks no interval. */
    static ViewRevision whole(StudyView view, long round) {
        return new ViewRevision(view, Optional.of(view.revision()), round);
    }

    /** Returns whether all intervals and p-values of the view were computed. */
    boolean isWhole() {
        return intervals.filter(view.revision()::equals).isPresent();
    }

    /**
     * Returns whether this view comes from a later round than the other, or from the same one and
     * is complete.
     */
    boolean isBeyond(ViewRevision other) {
        return round > other.round || (round == other.round && isWhole());
    }
}
