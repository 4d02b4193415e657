package basin.aggregator.statistics;

import java.util.List;

/**
 * The partial rank correlation: Pearson's r of the residuals after least-squares regression of the
 * midranks of x and y on the midranks of the covariates. Covariates that are constant, or that
 * earlier ones determine, have no effect.
 */
final class CountedPartial implements CountedStatistic {
    /**
     * Relative tolerance: a squared length below this fraction of the original one is a rounding
     * error and counts as zero.
     */
    static final double ROUNDING = 1e-12;

    private final TieClasses x;
    private final TieClasses y;
    private final List<TieClasses> covariates;
    private final int[] drawnOfClass;
    private final long[] rankOfClass;
    private final double[] residualX;
    private final double[] residualY;
    private final double[][] basis;

    CountedPartial(TieClasses x, TieClasses y, List<TieClasses> covariates) {
        this.x = x;
        this.y = y;
        this.covariates = covariates;
        int runs = x.runs();
        drawnOfClass = new int[runs];
        rankOfClass = new long[runs];
        residualX = new double[runs];
        residualY = new double[runs];
        basis = new double[covariates.size()][runs];
    }

    @Override
    public int runs() {
        return x.runs();
    }

    @Override
    public double at(int[] counts) {
        int directions = fillBasis(counts);
        double left = residual(x, counts, directions, residualX);
        double right = residual(y, counts, directions, residualY);
        if (left == 0 || right == 0) {
            return Double.NaN;
        }
        return Math.clamp(product(residualX, residualY, counts) / (Math.sqrt(left) * Math.sqrt(right)), -1, 1);
    }

    /**
     * Fills an orthonormal basis of the covariates' centred ranks in the resample and returns its
     * dimension.
     */
    private int fillBasis(int[] counts) {
        int directions = 0;
        for (TieClasses covariate : covariates) {
            double length = residual(covariate, counts, directions, basis[directions]);
            if (length > 0) {
                double scale = 1 / Math.sqrt(length);
                for (int run = 0; run < counts.length; run++) {
                    basis[directions][run] *= scale;
                }
                directions++;
            }
        }
        return directions;
    }

    /**
     * Writes the residual of the ranks after projection on the first basis vectors. Returns its
     * squared length, or zero if only rounding error remains.
     */
    private double residual(TieClasses of, int[] counts, int directions, double[] target) {
        of.centredRanks(counts, drawnOfClass, rankOfClass);
        int[] classOf = of.classOf();
        for (int run = 0; run < counts.length; run++) {
            target[run] = rankOfClass[classOf[run]];
        }
        double whole = product(target, target, counts);
        // Two passes keep a small residual orthogonal to the basis up to rounding.
        for (int pass = 0; pass < 2; pass++) {
            for (int d = 0; d < directions; d++) {
                double share = product(target, basis[d], counts);
                for (int run = 0; run < counts.length; run++) {
                    target[run] -= share * basis[d][run];
                }
            }
        }
        double left = product(target, target, counts);
        return left <= ROUNDING * whole ? 0 : left;
    }

    private static double product(double[] a, double[] b, int[] counts) {
        double sum = 0;
        for (int run = 0; run < counts.length; run++) {
            sum += counts[run] * a[run] * b[run];
        }
        return sum;
    }

    /**
     * Returns the multiple correlation of x's ranks with the covariates' ranks, in [0, 1]. With one
     * covariate it is |rho(x, covariate)|.
     */
    static double multipleCorrelation(TieClasses x, List<TieClasses> covariates) {
        CountedPartial fit = new CountedPartial(x, x, covariates);
        int[] once = CountedStatistic.once(x.runs());
        double left = fit.residual(x, once, fit.fillBasis(once), fit.residualX);
        double[] ranks = x.centredRanks();
        return Math.sqrt(1 - left / product(ranks, ranks, once));
    }

    /**
     * Returns the number of linearly independent covariates: those neither constant nor determined
     * by the ones before.
     */
    static int independent(List<TieClasses> covariates) {
        TieClasses first = covariates.getFirst();
        return new CountedPartial(first, first, covariates).fillBasis(CountedStatistic.once(first.runs()));
    }

    /**
     * Returns the statistic of the Freedman–Lane test, which permutes the residuals of y. Every run
     * counts once.
     */
    static PermutedStatistic freedmanLane(TieClasses x, TieClasses y, List<TieClasses> covariates) {
        CountedPartial fit = new CountedPartial(x, y, covariates);
        int[] once = CountedStatistic.once(x.runs());
        int directions = fit.fillBasis(once);
        double lengthX = Math.sqrt(fit.residual(x, once, directions, fit.residualX));
        double squaredY = fit.residual(y, once, directions, fit.residualY);
        return outcomeOf -> fit.permuted(outcomeOf, directions, lengthX, squaredY);
    }

    /**
     * Returns the partial correlation of one Freedman–Lane permutation: the permuted residuals of y
     * are added to the fit, and the sum is regressed on the covariates again. The regression
     * removes the fit completely, so it suffices to remove the projection of the permuted residuals
     * on the covariates.
     */
    private double permuted(int[] outcomeOf, int directions, double lengthX, double squaredY) {
        double product = 0;
        for (int i = 0; i < outcomeOf.length; i++) {
            product += residualX[i] * residualY[outcomeOf[i]];
        }
        double left = squaredY;
        for (int d = 0; d < directions; d++) {
            double share = 0;
            for (int i = 0; i < outcomeOf.length; i++) {
                share += basis[d][i] * residualY[outcomeOf[i]];
            }
            left -= share * share;
        }
        // A permuted residual in the span of the covariates leaves only rounding error.
        return left <= ROUNDING * squaredY ? 0 : product / (lengthX * Math.sqrt(left));
    }
}
