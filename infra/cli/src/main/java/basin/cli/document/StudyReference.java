package basin.cli.document;

import basin.aggregator.view.StudyView;
import basin.record.Revision;

/**
 * The study that a document is about, at the revision of the record from which the document was
 * computed.
 *
 * @param id the study's id, its name and eight hexadecimal digits of its content
 * @param name the study's name
 * @param state nothing, running, done, failed, incomplete, paused or cancelled
 * @param revision number of events read and a digest of their ids; the same events give the same
 *     numbers
 */
public record StudyReference(String id, String name, String state, Revision revision) {
    /** Returns the reference to a view's study. */
    public static StudyReference of(StudyView view) {
        return new StudyReference(view.studyId(), view.name(), view.state(), view.revision());
    }
}
