package basin.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An arm of a study: an algorithm at a peak learning rate, with steps and a schedule. Immutable.
 *
 * @param name unique name among the study's arms: the algorithm, the rate if the algorithm has
 *     several, and the steps and schedule if they differ from the study's
 * @param learningRate peak learning rate
 * @param training training settings of its runs
 */
public record Arm(String name, AlgorithmSpec algorithm, double learningRate, TrainingSpec training) {

    /** Returns the trained arms of a study in the order of its file: by algorithm, then by rate. */
    public static List<Arm> of(StudySpec study) {
        return of(study.algorithms(), study.learningRates(), study.training());
    }

    static List<Arm> of(List<ArmSpec> algorithms, List<Double> common, TrainingSpec training) {
        List<Arm> arms = new ArrayList<>();
        for (ArmSpec listed : algorithms) {
            List<Double> learningRates =
                    listed.algorithm().isTrained() ? listed.learningRatesOr(common) : List.<Double>of();
            for (double learningRate : learningRates) {
                String name = listed.algorithm().name()
                        + (learningRates.size() > 1 ? " · rate " + learningRate : "")
                        + listed.departures();
                arms.add(new Arm(name, listed.algorithm(), learningRate, listed.training(training)));
            }
        }
        return List.copyOf(arms);
    }

    /**
     * Returns the arm that others are compared with: the one that the study names, or else the
     * first.
     */
    public static Optional<Arm> reference(StudySpec study) {
        List<Arm> arms = of(study);
        return study.reference()
                .flatMap(named ->
                        arms.stream().filter(arm -> arm.isCalled(named)).findFirst())
                .or(() -> arms.stream().findFirst());
    }

    /**
     * Returns whether this name in a study file means this arm. It is the arm's own name, or its
     * algorithm's name, which means the algorithm's first rate.
     */
    boolean isCalled(String named) {
        return name.equals(named) || algorithm.name().equals(named);
    }

    /**
     * Returns the arm that a run of the study belongs to; empty for a run without weights.
     *
     * @param study the study; its steps may be fewer than the run's if a question restricts the
     *     steps
     */
    public static Optional<Arm> of(StudySpec study, RunSpec run) {
        List<Arm> same = of(study).stream()
                .filter(arm -> arm.algorithm.equals(run.algorithm()) && arm.learningRate == run.learningRate())
                .toList();
        int steps = study.training().steps();
        return same.stream()
                .filter(arm -> arm.training.equals(run.training()))
                .findFirst()
                .or(() -> same.stream()
                        .filter(arm -> arm.training.steps() == steps
                                && arm.training.over(run.training().steps()).equals(run.training()))
                        .findFirst());
    }

    /** Returns the cost of a step, in gradients of one batch. */
    public double gradientsAStep() {
        return algorithm.gradientsAStep(training.batch());
    }
}
