package basin.aggregator.statistics;

/** The difference of two statistics of the same runs. NaN if either is undefined. */
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
