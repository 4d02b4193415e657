package basin.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The expansion of a study into runs. It is a pure function of the study's spec, so that every
 * reader of the spec can derive the same runs.
 */
public final class StudyPlan {
    private StudyPlan() {}

    /**
     * A run of the grid.
     *
     * @param index position in the grid, from 0
     * @param runId hash of the spec
     * @param label display name
     */
    public record PlannedRun(int index, String runId, String label, RunSpec spec) {}

    /**
     * Returns the study's runs. Sizes change fastest, so that the first runs to end already differ
     * in size.
     */
    public static List<PlannedRun> runs(StudySpec study) {
        if (study.ingested().isPresent()) {
            return ingested(study, study.ingested().get());
        }
        List<PlannedRun> runs = new ArrayList<>();
        List<Optional<StartSpec>> starts = study.startFrom()
                .map(given -> given.stream().map(Optional::of).toList())
                .orElse(List.of(Optional.empty()));
        for (long seed : study.seeds()) {
            for (Optional<StartSpec> start : starts) {
                for (ArmSpec arm : study.algorithms()) {
                    for (double learningRate : arm.learningRatesOr(study.learningRates())) {
                        for (SizeSpec size : study.sizes()) {
                            RunSpec spec = spec(study, arm, size, learningRate, seed, start);
                            if (!arm.algorithm().isTrained()
                                    && runs.stream()
                                            .anyMatch(run ->
                                                    run.spec().algorithm().equals(arm.algorithm()))) {
                                continue; // The table is the same for every size, rate and seed.
                            }
                            runs.add(new PlannedRun(runs.size(), Ids.run(spec), label(study, arm, spec), spec));
                        }
                    }
                }
            }
        }
        return List.copyOf(runs);
    }

    /** Returns the runs that another program trains. */
    private static List<PlannedRun> ingested(StudySpec study, List<IngestedRun> named) {
        List<PlannedRun> runs = new ArrayList<>();
        for (IngestedRun run : named) {
            RunSpec spec = new RunSpec(
                    study.language(),
                    study.sizes().stream()
                            .filter(size -> size.name().equals(run.size()))
                            .findFirst()
                            .orElseThrow(),
                    new AlgorithmSpec.Other(run.algorithm()),
                    run.learningRate(),
                    run.seed(),
                    run.steps().map(study.training()::over).orElse(study.training()),
                    study.checkpoints(),
                    study.validation(),
                    study.platform(),
                    Optional.empty(),
                    Optional.of(run.name()));
            runs.add(new PlannedRun(runs.size(), Ids.run(spec), run.name(), spec));
        }
        return List.copyOf(runs);
    }

    private static RunSpec spec(
            StudySpec study, ArmSpec arm, SizeSpec size, double learningRate, long seed, Optional<StartSpec> start) {
        Optional<StartSpec> own = start.filter(any -> arm.algorithm().isTrained());
        CheckpointSpec checkpoints = own.flatMap(
                        from -> from.level(study.analysis().band()))
                .map(study.checkpoints()::alsoAt)
                .orElse(study.checkpoints());
        return new RunSpec(
                study.language(),
                size,
                arm.algorithm(),
                learningRate,
                seed,
                arm.training(study.training()),
                checkpoints,
                study.validation(),
                study.platform(),
                own,
                Optional.empty());
    }

    private static String label(StudySpec study, ArmSpec arm, RunSpec spec) {
        if (!spec.algorithm().isTrained()) {
            return spec.algorithm().name();
        }
        StringBuilder label =
                new StringBuilder(spec.size().name()).append(" · ").append(spec.learningRate());
        if (study.algorithms().size() > 1) {
            label.append(" · ").append(spec.algorithm().name());
        }
        label.append(arm.departures());
        if (study.seeds().size() > 1) {
            label.append(" · seed ").append(spec.seed());
        }
        spec.start().ifPresent(from -> label.append(" · from ").append(from.title()));
        return label.toString();
    }
}
