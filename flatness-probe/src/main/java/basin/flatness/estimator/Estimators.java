package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The classes of the catalogue's estimators. */
public final class Estimators {
    private Estimators() {}

    /** All whose samples are of traces, the default first. */
    public static List<FlatnessEstimator> all() {
        return Arrays.stream(Estimator.values())
                .filter(Estimator::hasProbes)
                .map(Estimators::of)
                .toList();
    }

    /** The estimator that is asked for. */
    public static FlatnessEstimator of(EstimatorSpec asked) {
        return asked.estimator().tellsLayers()
                ? new LayersEstimator(asked.quantities())
                : of(asked.estimator(), asked.radius());
    }

    /**
     * An estimator without a radius.
     *
     * @throws Refusal where it has one
     */
    public static FlatnessEstimator of(Estimator estimator) {
        return of(estimator, Optional.empty());
    }

    /**
     * The same by its name.
     *
     * @throws Refusal where there is none of that name, or it has a radius
     */
    public static FlatnessEstimator named(String name) {
        return of(Estimator.of(name));
    }

    private static FlatnessEstimator of(Estimator estimator, Optional<Double> radius) {
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
            case LAYERS_EXACT -> new LayersEstimator(estimator.quantities());
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

    /**
     * The values of a named estimator's pairs, of however few: for whoever asks how it varies, and not how flat the surface is.
     *
     * @return its quantities, in their order, × pairs
     * @throws Refusal where there is none of that name whose pairs are independent
     */
    public static double[][] valuesOfPairs(
            String name, LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        if (named(name) instanceof PairwiseEstimator pairwise) {
            return pairwise.valuesOfPairs(surface, batches, settings);
        }
        throw new IllegalArgumentException("The pairs of '" + name + "' are no independent samples.");
    }
}
