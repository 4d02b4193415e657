package basin.aggregator.statistics;

/** A statistic of the runs after their outcomes were permuted; zero on average under no association. */
interface PermutedStatistic {
    /** The statistic when the run at place i has the outcome of run {@code outcomeOf[i]}. */
    double at(int[] outcomeOf);

    /** The product Σ x_i y_i of centred values or ranks, which orders permutations as Pearson's r and Spearman's rho do. */
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
