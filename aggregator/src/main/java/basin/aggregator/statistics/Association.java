package basin.aggregator.statistics;

/** A coefficient of association of two quantities, each in [−1, 1]. Ties are handled in all three. */
public enum Association {
    /** Pearson's product-moment r: linear association of the values. */
    PEARSON("Pearson's r", 6),
    /** Spearman's rho: Pearson's r of midranks (tied values share the mean of their ranks). */
    SPEARMAN("Spearman's rho", 6),
    /**
     * Kendall's tau-b: concordant less discordant pairs over √(pairs not tied in x · pairs not tied in y) (Kendall, Rank
     * Correlation Methods, 1948, section 3).
     */
    KENDALL("Kendall's tau-b", 6);

    private final String title;
    private final int minimumRuns;

    Association(String title, int minimumRuns) {
        this.title = title;
        this.minimumRuns = minimumRuns;
    }

    /** The coefficient's name in words. */
    public String title() {
        return title;
    }

    /**
     * Fewest runs for which an estimate is given. At this number the exact permutation test can reach p = .05 even with a
     * tied pair, and the interval's coverage was found to hold by simulation.
     */
    public int minimumRuns() {
        return minimumRuns;
    }

    CountedStatistic of(double[] x, double[] y) {
        return switch (this) {
            case PEARSON -> new CountedPearson(x, y);
            case SPEARMAN -> new CountedSpearman(TieClasses.of(x), TieClasses.of(y));
            case KENDALL -> CountedTau.ofOneStratum(x, y);
        };
    }
}
