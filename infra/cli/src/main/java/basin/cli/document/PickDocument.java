package basin.cli.document;

import basin.aggregator.analysis.ModelSelection;
import basin.study.ProgramVersion;
import java.util.List;

/**
 * The choice among checkpoints of nearly equal loss, as printed by {@code basin pick --json}.
 *
 * @param program version of the program that wrote this
 * @param study the study
 * @param task task whose accuracy counts
 * @param protocol protocol that measures the accuracy
 * @param level loss at which runs are compared, nats
 * @param band distance below the level within which a loss counts as matched, nats
 * @param measure quantity that measures flatness
 * @param candidates one checkpoint per run, the flattest first
 * @param declared number of declared runs of the study
 * @param excluded sentence on excluded runs; may be empty
 * @param regrets accuracy lost by each rule: by flatness, by loss, at random
 * @param differences accuracy that one rule saves over another
 * @param sentence conclusion in words
 */
public record PickDocument(
        ProgramVersion program,
        StudyReference study,
        String task,
        String protocol,
        double level,
        double band,
        String measure,
        List<Candidate> candidates,
        int declared,
        String excluded,
        List<Regret> regrets,
        List<Regret> differences,
        String sentence) {
    public PickDocument {
        candidates = List.copyOf(candidates);
        regrets = List.copyOf(regrets);
        differences = List.copyOf(differences);
    }

    /**
     * A checkpoint that can be chosen.
     *
     * @param runId its run's id
     * @param label what tells the run from others
     * @param step its optimiser step
     * @param flatness value of the measure, nats; smaller is flatter
     * @param loss its loss of the study's kind, nats
     * @param accuracy its accuracy, from 0 to 1
     */
    public record Candidate(String runId, String label, int step, double flatness, double loss, double accuracy) {}

    /**
     * A regret, or a difference of two.
     *
     * @param name the rule, or the two rules compared
     * @param accuracy mean over runs left out in turn
     */
    public record Regret(String name, UncertainNumber accuracy) {}

    /** Returns the document of a choice. */
    public static PickDocument of(StudyReference study, ModelSelection picked) {
        return new PickDocument(
                ProgramVersion.current(),
                study,
                picked.task(),
                picked.protocol(),
                picked.level(),
                picked.band(),
                picked.measure().id(),
                picked.candidates().stream()
                        .map(one -> new Candidate(
                                one.runId(), one.label(), one.step(), one.trace(), one.excess(), one.accuracy()))
                        .toList(),
                picked.declared(),
                picked.leftOut(),
                regrets(picked.rules(), picked),
                regrets(picked.differences(), picked),
                picked.sentence());
    }

    private static List<Regret> regrets(List<ModelSelection.Regret> regrets, ModelSelection picked) {
        return regrets.stream()
                .map(one -> new Regret(
                        one.name(),
                        UncertainNumber.of(
                                one.value(), one.interval(), picked.candidates().size())))
                .toList();
    }
}
