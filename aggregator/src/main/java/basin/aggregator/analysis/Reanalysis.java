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
 * A study's state as another question sees it, and the answer. The study's own question gives the state and the table that the
 * aggregator shows, to the byte. Immutable.
 *
 * @param state with the runs, checkpoints and measurements that enter; its spec is the study as the question sees it
 * @param completeness of what enters
 * @param table the correlations and rankings
 * @param claim that the study registered, whatever is asked
 * @param own whether it is the study's own question, so that the claim can be judged
 */
public record Reanalysis(
        StudyState state, Completeness completeness, Table table, Optional<ClaimSpec> claim, boolean own) {
    /**
     * Asks.
     *
     * @param givenUp ids of work items that were given up
     * @return empty where the fold does not know the study
     * @throws Refusal where the question names what the study does not have
     */
    public static Optional<Reanalysis> of(Fold fold, String studyId, QuestionSpec question, Set<String> givenUp) {
        Optional<ClaimSpec> claim =
                fold.study(studyId).flatMap(study -> study.spec().analysis().claim());
        return state(fold, studyId, question).map(state -> of(state, question, givenUp, claim));
    }

    /** The state alone, as the question sees it; errors as {@link #of}. */
    public static Optional<StudyState> state(Fold fold, String studyId, QuestionSpec question) {
        return fold.study(studyId)
                .map(StudyState::spec)
                .map(question::of)
                .flatMap(requested -> fold.study(studyId, requested))
                .map(state -> narrowed(state, question));
    }

    private static Reanalysis of(
            StudyState state, QuestionSpec question, Set<String> givenUp, Optional<ClaimSpec> claim) {
        boolean provisional = !chosen(state.completeness(), question).complete();
        Choice choice = question.asksNothingElse() ? Choice.own(state.spec()) : Choice.of(question);
        return new Reanalysis(
                state,
                chosen(state.completeness(givenUp), question),
                Table.of(state, provisional, choice, new InferenceCache(), false),
                claim,
                question.asksNothingElse());
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

    /** Runs chosen by their ids are no whole grid: so many are wanted as were named. */
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
