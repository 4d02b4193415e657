package basin.record;

import basin.study.Refusal;

/**
 * A confidence interval.
 *
 * @param low lower bound, in the unit of the value
 * @param high upper bound, in the unit of the value, not below {@code low}
 * @param confidence confidence level, between 0 and 1
 */
public record Interval(double low, double high, double confidence) {
    public Interval {
        if (!(low <= high) || !(confidence > 0 && confidence < 1)) {
            throw new Refusal("An interval is [" + low + ", " + high + "] at " + confidence
                    + ": give bounds in order and a confidence between 0 and 1.");
        }
    }
}
