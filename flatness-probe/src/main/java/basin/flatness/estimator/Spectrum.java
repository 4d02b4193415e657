package basin.flatness.estimator;

import basin.record.Eigenvalue;
import basin.record.SpectralDensity;
import java.util.List;

/**
 * What a spectrum's estimator finds. Immutable.
 *
 * @param top the largest eigenvalues, the largest first
 * @param lowest the smallest one
 * @param density how many eigenvalues lie where
 */
public record Spectrum(List<Eigenvalue> top, Eigenvalue lowest, SpectralDensity density) {
    public Spectrum {
        top = List.copyOf(top);
    }
}
