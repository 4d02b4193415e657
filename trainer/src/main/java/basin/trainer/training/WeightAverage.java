package basin.trainer.training;

import basin.study.AlgorithmSpec;

/**
 * The average of the weights after each step, kept in float64 so that small shares of long runs are not lost. Before the first step that
 * is averaged it is the weights themselves. One owner at a time.
 */
final class WeightAverage {
    private final double decay;
    private final boolean exponential;
    private final int leftOut;
    private final double[] average;

    /**
     * Goes on with an average.
     *
     * @param steps of the run
     * @param average as {@link #sums} gave it; zeros before the first step
     */
    WeightAverage(AlgorithmSpec.Average spec, int steps, double[] average) {
        this.exponential = spec.decay().isPresent();
        this.decay = spec.decay().orElse(1.0);
        this.leftOut = spec.leftOut(steps);
        this.average = average.clone();
    }

    /** Takes in the weights after a step, counted from 1. */
    void add(int step, float[] theta) {
        int taken = step - leftOut;
        if (taken < 1) {
            return;
        }
        double share = exponential ? 1 - decay : 1.0 / taken;
        for (int i = 0; i < average.length; i++) {
            average[i] += share * (theta[i] - average[i]);
        }
    }

    /** The average after a step: of the exponential kind without the share that the zeros of its beginning have. */
    float[] at(int step, float[] theta) {
        int taken = step - leftOut;
        if (taken < 1) {
            return theta.clone();
        }
        double weight = exponential ? 1 - StrictMath.pow(decay, taken) : 1;
        float[] weights = new float[average.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (average[i] / weight);
        }
        return weights;
    }

    /** What is to be kept between steps. */
    double[] sums() {
        return average.clone();
    }
}
