package basin.flatness.estimator;

import basin.events.Quantity;
import basin.events.spec.EstimatorSpec;
import java.util.List;

/** Every estimator that a study may name. */
public final class Estimators {
    private static final String LAYERS = "layers.exact";

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
            new SelectedEstimator("fisher.selected"),
            new RefinedEstimator("hessian.refined"),
            new ProjectionEstimator("hessian.hutchpp", false),
            new ProjectionEstimator("hessian.xtrace", true),
            new ForwardEstimator("fisher.forward", List.of(Quantity.FISHER_TRACE), false),
            new ForwardEstimator(
                    "hessian.forward", List.of(Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP), false),
            new ForwardEstimator(
                    "hessian.split",
                    List.of(Quantity.FISHER_TRACE, Quantity.HESSIAN_TRACE, Quantity.HESSIAN_FISHER_GAP),
                    true),
            new ForwardEstimator("adaptive.forward", List.of(Quantity.ADAPTIVE_TRACE), false),
            new LayersEstimator(LAYERS, new EstimatorSpec(LAYERS, 40, 16, 1).quantities()));

    /** Of eigenvalues: apart from the others, whose pairs are each a sample of a trace. */
    private static final FlatnessEstimator SPECTRUM = new SpectrumEstimator("spectrum.lanczos");

    private Estimators() {}

    /** All of traces, the default first; those of sharpness and of eigenvalues are others. */
    public static List<FlatnessEstimator> all() {
        return ALL;
    }

    /**
     * The estimator that is asked for.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static FlatnessEstimator of(EstimatorSpec asked) {
        return asked.radius()
                .map(radius -> sharpness(asked.estimator(), radius))
                .orElseGet(() -> {
                    if (asked.tellsLayers()) {
                        return new LayersEstimator(LAYERS, asked.quantities());
                    }
                    return asked.measuresSpectrum() ? SPECTRUM : named(asked.estimator());
                });
    }

    private static FlatnessEstimator sharpness(String name, double radius) {
        return switch (name) {
            case "sharpness.average" -> new AverageSharpnessEstimator(name, radius, false);
            case "sharpness.adaptive" -> new AverageSharpnessEstimator(name, radius, true);
            case "sharpness.sam" -> new SamSharpnessEstimator(name, radius);
            default ->
                throw new IllegalArgumentException(
                        "flatness.estimator is '" + name + "', which has no radius: give one of "
                                + "sharpness.average, sharpness.adaptive, sharpness.sam.");
        };
    }

    /**
     * The values of a named estimator's pairs, of however few: for whoever asks how it varies, and not how flat the surface is.
     *
     * @return its quantities, in their order, × pairs
     * @throws IllegalArgumentException where there is none of that name whose pairs are independent
     */
    public static <B extends Batch<B>> double[][] valuesOfPairs(
            String name, LossSurface<B> surface, BatchSource<B> batches, MeasurementSettings settings) {
        if (named(name) instanceof PairwiseEstimator pairwise) {
            return pairwise.valuesOfPairs(surface, batches, settings);
        }
        throw new IllegalArgumentException("The pairs of '" + name + "' are no independent samples.");
    }

    /**
     * The estimator of that name, one of traces.
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
