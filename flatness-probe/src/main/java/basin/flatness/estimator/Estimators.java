package basin.flatness.estimator;

import basin.events.Quantity;
import java.util.List;

/** Every estimator that a study may name. */
public final class Estimators {
    private static final List<FlatnessEstimator> ALL = List.of(
            new PairedEstimator(
                    "paired",
                    List.of(
                            Quantity.FISHER_TRACE,
                            Quantity.HESSIAN_TRACE,
                            Quantity.ADAPTIVE_TRACE,
                            Quantity.HESSIAN_FISHER_GAP)),
            new PairedEstimator("fisher.sampled", List.of(Quantity.FISHER_TRACE)),
            new PairedEstimator("hessian.hutchinson", List.of(Quantity.HESSIAN_TRACE)),
            new PairedEstimator("adaptive.exact", List.of(Quantity.ADAPTIVE_TRACE)),
            new OutputProbeEstimator("fisher.output", Quantity.FISHER_TRACE, Draws::outputSigns),
            new OutputProbeEstimator("fisher.soft", Quantity.DATA_FISHER_TRACE, Draws::targetSigns),
            new BatchFormEstimator("fisher.batch"),
            new SelectedEstimator("fisher.selected", false),
            new SelectedEstimator("hessian.selected", true),
            new ProjectionEstimator("hessian.hutchpp", false),
            new ProjectionEstimator("hessian.xtrace", true),
            new ForwardEstimator("fisher.forward", List.of(Quantity.FISHER_TRACE), false),
            new ForwardEstimator(
                    "hessian.forward", List.of(Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP), false),
            new ForwardEstimator(
                    "hessian.split",
                    List.of(Quantity.FISHER_TRACE, Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP),
                    true),
            new ForwardEstimator("adaptive.forward", List.of(Quantity.ADAPTIVE_TRACE), false));

    private Estimators() {}

    /** The paired estimator's products alone, for tests. */
    static FlatnessEstimator pairedWithoutFisher() {
        return new PairedEstimator(
                "paired", List.of(Quantity.HESSIAN_TRACE, Quantity.ADAPTIVE_TRACE, Quantity.HESSIAN_FISHER_GAP));
    }

    /** All, the default first. */
    public static List<FlatnessEstimator> all() {
        return ALL;
    }

    /**
     * The estimator of that name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static FlatnessEstimator named(String name) {
        return ALL.stream()
                .filter(estimator -> estimator.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("flatness.estimator is '" + name + "': give one of "
                        + ALL.stream().map(FlatnessEstimator::name).toList() + "."));
    }
}
