package basin.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One way of training of a study: an algorithm at a peak rate, with steps and a schedule. Immutable.
 *
 * @param name what tells the study's arms apart: the algorithm, where it has several rates the rate, where it has steps or a schedule of its own
 *     these
 * @param learningRate peak learning rate
 * @param training how its runs are trained
 */
public record Arm(String name, AlgorithmSpec algorithm, double learningRate, TrainingSpec training) {

    /** The trained arms of a study, in the order of its file: algorithms, and rates within each. */
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

    /** The arm that others are compared with: the one that the study names, the first where it names none. */
    public static Optional<Arm> reference(StudySpec study) {
        List<Arm> arms = of(study);
        return study.reference()
                .flatMap(named ->
                        arms.stream().filter(arm -> arm.isCalled(named)).findFirst())
                .or(() -> arms.stream().findFirst());
    }

    /** Whether a study file may mean this arm by that name: its own, or its algorithm's, which means the first rate. */
    boolean isCalled(String named) {
        return name.equals(named) || algorithm.name().equals(named);
    }

    /**
     * How a run of the study was trained; absent of a run without weights.
     *
     * @param study whose steps may be fewer than the run's, where a question asks for some of them alone
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

    /** What a step costs, in gradients of one batch. */
    public double gradientsAStep() {
        return algorithm.gradientsAStep(training.batch());
    }
}
