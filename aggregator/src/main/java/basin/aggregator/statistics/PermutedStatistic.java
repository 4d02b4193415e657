package basin.aggregator.statistics;

/** A statistic of runs with permuted outcomes. Its mean is zero without association. */
interface PermutedStatistic {
    /** Returns the statistic where run i has the outcome of run {@code outcomeOf[i]}. */
    double at(int[] outcomeOf);

    /**
     * Returns the product Σ x_i y_i of centred values or ranks. It orders permutations as Pearson's
     * r and Spearman's rho do.
     */
    static PermutedStatistic product(double[] centredX, double[] centredY) {
        return outcomeOf -> {
            double sum = 0;
            for (int i = 0; i < outcomeOf.length; i++) {
                sum += centredX[i] * centredY[outcomeOf[i]];
            }
            return sum;
        };
    }
}
