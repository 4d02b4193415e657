package basin.aggregator.statistics;

/** The difference of two statistics of the same runs; undefined where either is. */
record CountedDifference(CountedStatistic first, CountedStatistic second) implements CountedStatistic {
    @Override
    public int runs() {
        return first.runs();
    }

    @Override
    public double at(int[] counts) {
        return first.at(counts) - second.at(counts);
    }
}
