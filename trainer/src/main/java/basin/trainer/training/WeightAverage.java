package basin.trainer.training;

import basin.study.AlgorithmSpec;

/**
 * A running average of the weights over the steps, in float64 so that small contributions of long
 * runs are not lost. Before the first averaged step it is the weights themselves. Not thread-safe.
 */
final class WeightAverage {
    private final double decay;
    private final boolean exponential;
    private final int leftOut;
    private final double[] average;

    /**
     * Resumes an average.
     *
     * @param steps number of steps of the run
     * @param average the last {@link #sums}; zeros before the first step
     */
    WeightAverage(AlgorithmSpec.Average spec, int steps, double[] average) {
        this.exponential = spec.decay().isPresent();
        this.decay = spec.decay().orElse(1.0);
        this.leftOut = spec.leftOut(steps);
        this.average = average.clone();
    }

    /** Adds the weights after a step, counted from 1. */
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

    /**
     * Returns the average after a step. An exponential average is corrected for the bias of its
     * zero initialisation.
     */
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

    /** Returns the state to keep between steps, a copy. */
    double[] sums() {
        return average.clone();
    }
}
