package basin.aggregator.statistics;

import java.util.Arrays;

/**
 * Kendall's tau-b over pairs within strata: Σ (concordant − discordant) / √(Σ pairs not tied in x ·
 * Σ pairs not tied in y), summed over all strata. With one stratum it is the ordinary tau-b. A run
 * drawn twice is tied with itself.
 */
final class CountedTau implements CountedStatistic {
    private final int runs;
    private final int[] first;
    private final int[] second;
    private final int[] signX;
    private final int[] signY;

    /** Forms the pairs of runs with the same stratum number. */
    CountedTau(double[] x, double[] y, int[] stratumOf) {
        runs = x.length;
        int max = runs * (runs - 1) / 2;
        int[] a = new int[max];
        int[] b = new int[max];
        int[] sx = new int[max];
        int[] sy = new int[max];
        int pairs = 0;
        for (int i = 0; i < runs; i++) {
            for (int j = i + 1; j < runs; j++) {
                if (stratumOf[i] == stratumOf[j]) {
                    a[pairs] = i;
                    b[pairs] = j;
                    sx[pairs] = Integer.signum(Double.compare(x[i], x[j]));
                    sy[pairs] = Integer.signum(Double.compare(y[i], y[j]));
                    pairs++;
                }
            }
        }
        first = Arrays.copyOf(a, pairs);
        second = Arrays.copyOf(b, pairs);
        signX = Arrays.copyOf(sx, pairs);
        signY = Arrays.copyOf(sy, pairs);
    }

    static CountedTau ofOneStratum(double[] x, double[] y) {
        return new CountedTau(x, y, new int[x.length]);
    }

    @Override
    public int runs() {
        return runs;
    }

    @Override
    public double at(int[] counts) {
        long score = 0;
        long untiedX = 0;
        long untiedY = 0;
        for (int pair = 0; pair < first.length; pair++) {
            long weight = (long) counts[first[pair]] * counts[second[pair]];
            int sx = signX[pair];
            int sy = signY[pair];
            score += weight * sx * sy;
            untiedX += weight * sx * sx;
            untiedY += weight * sy * sy;
        }
        return untiedX == 0 || untiedY == 0 ? Double.NaN : score / Math.sqrt((double) untiedX * untiedY);
    }
}
