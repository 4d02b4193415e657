package basin.aggregator.analysis;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.Completeness;
import basin.aggregator.fold.Fold;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.study.ClaimSpec;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A study's state under another question, and the answer. For the study's own question, state and
 * table are byte-identical to those of the aggregator. Immutable.
 *
 * @param state the selected runs, checkpoints and measurements; its spec is the study's with the
 *     question applied
 * @param completeness completeness of the selection
 * @param table correlations and rankings
 * @param claim the study's registered claim, whatever the question
 * @param own whether the question is the study's own, so that the claim can be judged
 */
public record Reanalysis(
        StudyState state, Completeness completeness, Table table, Optional<ClaimSpec> claim, boolean own) {
    /**
     * Answers a question.
     *
     * @param givenUp ids of work items that were given up
     * @return empty if the fold does not know the study
     * @throws Refusal if the question names something that the study does not have
     */
    public static Optional<Reanalysis> of(Fold fold, String studyId, QuestionSpec question, Set<String> givenUp) {
        Optional<ClaimSpec> claim =
                fold.study(studyId).flatMap(study -> study.spec().analysis().claim());
        return state(fold, studyId, question).map(state -> of(state, question, givenUp, claim));
    }

    /**
     * Returns only the state under the question.
     *
     * @return empty if the fold does not know the study
     * @throws Refusal if the question names something that the study does not have
     */
    public static Optional<StudyState> state(Fold fold, String studyId, QuestionSpec question) {
        return fold.study(studyId)
                .map(StudyState::spec)
                .map(question::of)
                .flatMap(requested -> fold.study(studyId, requested))
                .map(state -> narrowed(state, question));
    }

    private static Reanalysis of(
            StudyState state, QuestionSpec question, Set<String> givenUp, Optional<ClaimSpec> claim) {
        return new Reanalysis(
                state,
                chosen(state.completeness(givenUp), question),
                Table.of(state, isProvisional(state, question), choice(state, question), new InferenceCache(), false),
                claim,
                question.asksNothingElse());
    }

    /** Returns the rankings of the table alone, for the state under the question. */
    public static List<MeasureRanking> rankings(StudyState state, QuestionSpec question) {
        return MeasureRankings.of(
                        state, isProvisional(state, question), choice(state, question), new InferenceCache(), false)
                .rankings();
    }

    private static boolean isProvisional(StudyState state, QuestionSpec question) {
        return !chosen(state.completeness(), question).complete();
    }

    private static Choice choice(StudyState state, QuestionSpec question) {
        return question.asksNothingElse() ? Choice.own(state.spec()) : Choice.of(question);
    }

    private static StudyState narrowed(StudyState state, QuestionSpec question) {
        return new StudyState(
                state.studyId(),
                state.spec(),
                state.control(),
                state.runs().stream()
                        .filter(run -> question.chooses(
                                run.declared().runId(), run.declared().spec()))
                        .map(run -> narrowed(run, question))
                        .toList(),
                state.revision());
    }

    private static RunState narrowed(RunState run, QuestionSpec question) {
        if (question.steps().isEmpty()) {
            return run;
        }
        QuestionSpec.StepRange steps = question.steps().get();
        List<CheckpointState> checkpoints = run.checkpoints().stream()
                .filter(checkpoint -> steps.holds(checkpoint.published().step()))
                .toList();
        return new RunState(
                run.declared(),
                run.losses().stream().filter(loss -> steps.holds(loss.step())).toList(),
                checkpoints,
                run.finished(),
                run.failed());
    }

    /**
     * Returns the completeness of the selection. If runs are selected by id, at most as many runs
     * as ids are expected, not the whole grid.
     */
    private static Completeness chosen(Completeness grid, QuestionSpec question) {
        Optional<List<String>> ids = question.runs().flatMap(QuestionSpec.RunChoice::ids);
        return ids.isEmpty()
                ? grid
                : new Completeness(
                        Math.min(grid.runs(), ids.get().size()),
                        grid.declared(),
                        grid.ended(),
                        grid.stuck(),
                        grid.measurements(),
                        grid.done(),
                        grid.givenUp());
    }
}
