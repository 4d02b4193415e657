package basin.record;

import basin.study.Ranges;

/**
 * An eigenvalue of the mean Hessian of a data set, averaged over data sets, in nats per predicted
 * token.
 *
 * @param value mean over data sets, with its standard error
 * @param interval confidence interval over data sets
 * @param residual largest residual norm ‖Hx − λx‖ of any data set, in the unit of the value; H has
 *     an eigenvalue at most this far from λ
 */
public record Eigenvalue(Measured value, Interval interval, double residual) {
    public Eigenvalue {
        Ranges.notNegative("residual", residual);
    }
}
