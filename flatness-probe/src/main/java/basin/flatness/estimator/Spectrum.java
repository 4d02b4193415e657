package basin.flatness.estimator;

import basin.record.Eigenvalue;
import basin.record.SpectralDensity;
import java.util.List;

/**
 * The findings of a spectrum estimator. Immutable.
 *
 * @param top the largest eigenvalues, in descending order
 * @param lowest the smallest eigenvalue
 * @param density number of eigenvalues per bin
 */
public record Spectrum(List<Eigenvalue> top, Eigenvalue lowest, SpectralDensity density) {
    public Spectrum {
        top = List.copyOf(top);
    }
}
