package basin.aggregator.view;

import basin.record.Event;
import basin.record.Revision;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The answer to another question in words, shown beside the study's own. Immutable.
 *
 * @param name name under which it is published
 * @param revision revision of the fold from which it was computed
 * @param question text of the question file; empty for the study's own question
 * @param headline the answer in one sentence
 * @param more what is missing, or what would narrow the interval; may be empty
 * @param verdict the answer in a few words, without numbers
 * @param row the row that the sentence describes, if it describes one and the row is published
 */
public record AskedAnswer(
        String name,
        Revision revision,
        String question,
        String headline,
        String more,
        String verdict,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<StudyView.RowView> row) {
    static AskedAnswer of(Event.QuestionAnswered answered, Optional<StudyView.RowView> row) {
        return new AskedAnswer(
                answered.generation(),
                answered.revision(),
                answered.question(),
                answered.headline(),
                answered.more(),
                answered.verdict(),
                row);
    }
}
