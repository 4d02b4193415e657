package basin.aggregator.statistics;

/**
 * A two-sided p-value.
 *
 * @param value in (0, 1]
 * @param method how it was found
 * @param arrangements permutations enumerated, permutations drawn, or bootstrap resamples, by method
 */
public record PValue(double value, Method method, long arrangements) {
    /** How a p-value was found. */
    public enum Method {
        /** Every permutation of the outcomes over the runs; exact where the runs are exchangeable under the null. */
        EXACT_PERMUTATION("exact permutation"),
        /** (b + 1)/(m + 1) for b of m drawn permutations at least as extreme; valid for every m. */
        DRAWN_PERMUTATION("drawn permutations"),
        /** Residuals on the covariates permuted (Freedman and Lane 1983), all permutations; approximate. */
        EXACT_FREEDMAN_LANE("Freedman-Lane, every permutation"),
        /** Residuals on the covariates permuted (Freedman and Lane 1983), permutations drawn; approximate. */
        DRAWN_FREEDMAN_LANE("Freedman-Lane, drawn permutations"),
        /** Every pattern of signs of the differences; exact where arm and reference are exchangeable within a pair under the null. */
        EXACT_SIGN_FLIP("exact sign flips"),
        /** (b + 1)/(m + 1) for b of m drawn patterns of signs at least as extreme; valid for every m. */
        DRAWN_SIGN_FLIP("drawn sign flips"),
        /** How often the largest of all scaled differences comes as far when outcomes are permuted (Westfall and Young 1993). */
        PERMUTED_MAXIMUM("permuted outcomes, all differences together"),
        /** One less the level of the widest expanded BCa interval that leaves zero out; approximate. */
        EXPANDED_BCA_INVERSION("BCa bootstrap, expanded for few runs, inverted");

        private final String title;

        Method(String title) {
            this.title = title;
        }

        /** The method's name in words. */
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
