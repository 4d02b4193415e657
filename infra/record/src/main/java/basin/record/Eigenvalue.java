package basin.record;

import basin.study.Ranges;

/**
 * An eigenvalue of data sets' mean Hessians, in nats a predicted token.
 *
 * @param value the mean over data sets and its standard error
 * @param interval over data sets
 * @param residual the largest ‖Hx − λx‖ of any data set: so close to λ there certainly is an eigenvalue
 */
public record Eigenvalue(Measured value, Interval interval, double residual) {
    public Eigenvalue {
        Ranges.notNegative("residual", residual);
    }
}
