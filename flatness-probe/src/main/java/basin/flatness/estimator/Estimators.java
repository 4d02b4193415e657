package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Quantity;
import java.util.List;
import java.util.Optional;

/** A factory for the estimators in the catalogue. */
public final class Estimators {
    private Estimators() {}

    /**
     * Returns the requested estimator.
     *
     * @throws IllegalArgumentException if it needs a radius and none is given
     */
    public static FlatnessEstimator of(EstimatorSpec requested) {
        return of(requested.estimator(), requested.quantities(), requested.radius());
    }

    /**
     * Returns an estimator without a radius, for all its quantities.
     *
     * @throws IllegalArgumentException if it needs a radius
     */
    public static FlatnessEstimator of(Estimator estimator) {
        return of(estimator, estimator.quantities(), Optional.empty());
    }

    private static FlatnessEstimator of(Estimator estimator, List<Quantity> quantities, Optional<Double> radius) {
        return switch (estimator) {
            case PAIRED, FISHER_SAMPLED, HESSIAN_HUTCHINSON, ADAPTIVE_EXACT -> new PairedEstimator(estimator);
            case FISHER_OUTPUT -> ProbeEstimator.output(estimator, ProbeSampler::outputSigns);
            case FISHER_SOFT -> ProbeEstimator.output(estimator, ProbeSampler::targetSigns);
            case FISHER_BATCH -> ProbeEstimator.batchForm(estimator);
            case FISHER_SELECTED -> new SelectedEstimator();
            case HESSIAN_REFINED -> new RefinedEstimator();
            case HESSIAN_HUTCHPP -> new ProbeEstimator(estimator, Projections::split);
            case HESSIAN_XTRACE -> new ProbeEstimator(estimator, Projections::exchangeable);
            case FISHER_FORWARD, HESSIAN_FORWARD, ADAPTIVE_FORWARD -> new ForwardEstimator(estimator, false);
            case HESSIAN_SPLIT -> new ForwardEstimator(estimator, true);
            case LAYERS_EXACT -> new LayersEstimator(quantities);
            case SPECTRUM_LANCZOS -> new SpectrumEstimator();
            case SHARPNESS_AVERAGE -> new AverageSharpnessEstimator(estimator, given(estimator, radius), false);
            case SHARPNESS_ADAPTIVE -> new AverageSharpnessEstimator(estimator, given(estimator, radius), true);
            case SHARPNESS_SAM -> new SamSharpnessEstimator(given(estimator, radius));
        };
    }

    private static double given(Estimator estimator, Optional<Double> radius) {
        return radius.orElseThrow(
                () -> new IllegalArgumentException("'" + estimator + "' reads the loss at a radius: give one."));
    }
}
