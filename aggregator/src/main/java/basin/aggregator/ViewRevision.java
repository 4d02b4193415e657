package basin.aggregator;

import basin.aggregator.view.StudyView;
import basin.record.Revision;
import java.util.Optional;

/**
 * A view, and how far its intervals are. Immutable.
 *
 * @param intervals the newest revision of which all intervals and p-values were made: no interval in the view is older; the view's own
 *     once none is to follow, empty before there were any
 * @param round which look at the fold it comes from; later ones have larger numbers
 */
record ViewRevision(StudyView view, Optional<Revision> intervals, long round) {
    /** A view of which nothing is to follow. */
    static ViewRevision whole(StudyView view, long round) {
        return new ViewRevision(view, Optional.of(view.revision()), round);
    }

    /** Whether all intervals and p-values are there. */
    boolean isWhole() {
        return intervals.filter(view.revision()::equals).isPresent();
    }

    /** Whether it comes from a later look than the other, or from the same one and lacks nothing. */
    boolean isBeyond(ViewRevision other) {
        return round > other.round || (round == other.round && isWhole());
    }
}
