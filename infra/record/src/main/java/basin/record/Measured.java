package basin.record;

import basin.study.Refusal;

/**
 * An estimate and its standard error, in the same unit.
 *
 * @param value the estimate, in the unit that the field with it names
 * @param standardError standard error in the same unit; 0 if the value is exact
 */
public record Measured(double value, double standardError) {
    public Measured {
        if (!Double.isFinite(value) || !(standardError >= 0) || !Double.isFinite(standardError)) {
            throw new Refusal("A measured value is " + value + " with standard error " + standardError
                    + ": both must be finite and the error not negative.");
        }
    }

    /** Returns an exact value, with standard error 0. */
    public static Measured exact(double value) {
        return new Measured(value, 0);
    }
}
