package basin.aggregator.statistics;

/**
 * A two-sided p-value.
 *
 * @param value value in (0, 1]
 * @param method method that produced the value
 * @param arrangements number of permutations or sign patterns enumerated or drawn, or of bootstrap
 *     resamples, depending on the method
 */
public record PValue(double value, Method method, long arrangements) {
    /** A method of computing a p-value. */
    public enum Method {
        /**
         * All permutations of the outcomes over the runs; exact if the runs are exchangeable under
         * the null hypothesis.
         */
        EXACT_PERMUTATION("exact permutation"),
        /**
         * (b + 1)/(m + 1), where b of m drawn permutations are at least as extreme; valid for every
         * m.
         */
        DRAWN_PERMUTATION("drawn permutations"),
        /**
         * All permutations of the residuals on the covariates (Freedman and Lane 1983);
         * approximate.
         */
        EXACT_FREEDMAN_LANE("Freedman-Lane, every permutation"),
        /**
         * Drawn permutations of the residuals on the covariates (Freedman and Lane 1983);
         * approximate.
         */
        DRAWN_FREEDMAN_LANE("Freedman-Lane, drawn permutations"),
        /**
         * All sign patterns of the differences; exact if arm and reference are exchangeable within
         * a pair under the null hypothesis.
         */
        EXACT_SIGN_FLIP("exact sign flips"),
        /**
         * (b + 1)/(m + 1), where b of m drawn sign patterns are at least as extreme; valid for
         * every m.
         */
        DRAWN_SIGN_FLIP("drawn sign flips"),
        /**
         * The frequency of an equal or larger maximum scaled difference under permuted outcomes
         * (Westfall and Young 1993).
         */
        PERMUTED_MAXIMUM("permuted outcomes, all differences together"),
        /**
         * 1 minus the level of the widest expanded BCa interval that excludes zero; approximate.
         */
        EXPANDED_BCA_INVERSION("BCa bootstrap, expanded for few runs, inverted");

        private final String title;

        Method(String title) {
            this.title = title;
        }

        /** Returns the method's name in words. */
        public String title() {
            return title;
        }
    }

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the value is not in (0, 1]
     */
    public PValue {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("A p-value is " + value + ": give a value above 0 and at most 1.");
        }
    }
}
