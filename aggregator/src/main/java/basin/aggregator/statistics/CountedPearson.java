package basin.aggregator.statistics;

/** Pearson's r, computed in two passes with the means of the resample. */
final class CountedPearson implements CountedStatistic {
    private final double[] x;
    private final double[] y;

    CountedPearson(double[] x, double[] y) {
        this.x = x;
        this.y = y;
    }

    @Override
    public int runs() {
        return x.length;
    }

    @Override
    public double at(int[] counts) {
        int drawn = 0;
        int first = -1;
        boolean xVaries = false;
        boolean yVaries = false;
        double sumX = 0;
        double sumY = 0;
        for (int run = 0; run < x.length; run++) {
            int count = counts[run];
            if (count > 0) {
                first = first < 0 ? run : first;
                xVaries |= x[run] != x[first];
                yVaries |= y[run] != y[first];
                drawn += count;
                sumX += count * x[run];
                sumY += count * y[run];
            }
        }
        if (!xVaries || !yVaries) {
            return Double.NaN;
        }
        double meanX = sumX / drawn;
        double meanY = sumY / drawn;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int run = 0; run < x.length; run++) {
            double dx = x[run] - meanX;
            double dy = y[run] - meanY;
            xx += counts[run] * dx * dx;
            yy += counts[run] * dy * dy;
            xy += counts[run] * dx * dy;
        }
        return Math.clamp(xy / (Math.sqrt(xx) * Math.sqrt(yy)), -1, 1);
    }
}
