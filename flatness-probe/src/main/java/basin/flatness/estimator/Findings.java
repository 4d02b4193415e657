package basin.flatness.estimator;

import basin.events.LayerTraces;
import java.util.List;
import java.util.Optional;

/**
 * All that an estimator found of a surface. Immutable.
 *
 * @param measurements one a quantity, in the order of the estimator's
 * @param layers traces tensor by tensor, where the estimator tells them
 */
public record Findings(List<Measurement> measurements, Optional<List<LayerTraces>> layers) {
    public Findings {
        measurements = List.copyOf(measurements);
        layers = layers.map(List::copyOf);
    }

    /** Measurements alone. */
    static Findings of(List<Measurement> measurements) {
        return new Findings(measurements, Optional.empty());
    }
}
