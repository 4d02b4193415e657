package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.record.LayerTraces;
import java.util.List;
import java.util.Optional;

/**
 * All that an estimator found of a surface. Immutable.
 *
 * @param measurements one a quantity, in the order of the estimator's
 * @param layers traces tensor by tensor, where the estimator tells them
 * @param spectrum eigenvalues and their density, where the estimator measures them
 */
public record Findings(
        List<Measurement> measurements, Optional<List<LayerTraces>> layers, Optional<Spectrum> spectrum) {
    public Findings {
        measurements = List.copyOf(measurements);
        layers = layers.map(List::copyOf);
    }
}
