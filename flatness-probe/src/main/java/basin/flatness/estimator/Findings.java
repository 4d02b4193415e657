package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.record.LayerTraces;
import java.util.List;
import java.util.Optional;

/**
 * An estimator's findings on a surface. Immutable.
 *
 * @param measurements one per quantity, in the estimator's order
 * @param valuesOfPairs for each measurement its values, one per pair, whose mean it is
 * @param layers traces of each tensor, if the estimator measures them
 * @param spectrum eigenvalues and their density, if the estimator measures them
 */
public record Findings(
        List<Measurement> measurements,
        List<List<Double>> valuesOfPairs,
        Optional<List<LayerTraces>> layers,
        Optional<Spectrum> spectrum) {
    public Findings {
        measurements = List.copyOf(measurements);
        valuesOfPairs = valuesOfPairs.stream().map(List::copyOf).toList();
        layers = layers.map(List::copyOf);
    }
}
