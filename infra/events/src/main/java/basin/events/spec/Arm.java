package basin.events.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One way of training of a study: an algorithm at a peak rate, with steps and a schedule. Immutable.
 *
 * @param name what tells the study's arms apart: the algorithm, where it has several rates the rate, where it has steps or a schedule of its own
 *     these
 * @param rate peak learning rate
 * @param training how its runs are trained
 */
public record Arm(String name, AlgorithmSpec algorithm, double rate, TrainingSpec training) {

    /** The trained arms of a study, in the order of its file: algorithms, and rates within each. */
    public static List<Arm> of(StudySpec study) {
        return of(study.algorithms(), study.rates(), study.training());
    }

    static List<Arm> of(List<ArmSpec> algorithms, List<Double> common, TrainingSpec training) {
        List<Arm> arms = new ArrayList<>();
        for (ArmSpec listed : algorithms) {
            List<Double> rates = listed.algorithm().isTrained() ? listed.ratesOr(common) : List.<Double>of();
            for (double rate : rates) {
                String name =
                        listed.algorithm().name() + (rates.size() > 1 ? " · rate " + rate : "") + listed.departures();
                arms.add(new Arm(name, listed.algorithm(), rate, listed.training(training)));
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

    /** Whether that is how a run was trained. */
    public boolean trained(RunSpec run) {
        return run.algorithm().equals(algorithm)
                && run.rate() == rate
                && run.training().equals(training);
    }

    /** What a step costs, in gradients of one batch. */
    public double gradientsAStep() {
        return algorithm.gradientsAStep(training.batch());
    }
}
