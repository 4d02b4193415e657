package basin.aggregator.statistics;

/** Spearman's rho of midranks, in exact integer arithmetic up to the last division. */
final class CountedSpearman implements CountedStatistic {
    private final TieClasses x;
    private final TieClasses y;
    private final int[] drawnOfClass;
    private final long[] rankX;
    private final long[] rankY;

    CountedSpearman(TieClasses x, TieClasses y) {
        this.x = x;
        this.y = y;
        drawnOfClass = new int[Math.max(x.classes(), y.classes())];
        rankX = new long[x.classes()];
        rankY = new long[y.classes()];
    }

    @Override
    public int runs() {
        return x.runs();
    }

    @Override
    public double at(int[] counts) {
        x.centredRanks(counts, drawnOfClass, rankX);
        y.centredRanks(counts, drawnOfClass, rankY);
        int[] classX = x.classOf();
        int[] classY = y.classOf();
        long xx = 0;
        long yy = 0;
        long xy = 0;
        for (int run = 0; run < classX.length; run++) {
            long rx = rankX[classX[run]];
            long ry = rankY[classY[run]];
            xx += counts[run] * rx * rx;
            yy += counts[run] * ry * ry;
            xy += counts[run] * rx * ry;
        }
        return xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt((double) xx * yy);
    }
}
