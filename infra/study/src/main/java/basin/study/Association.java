package basin.study;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A coefficient of association between two quantities, in [−1, 1]. Each handles ties. */
public enum Association {
    /** Pearson's product-moment r: linear association of the values. */
    PEARSON("r", "Pearson", "Pearson's r", 6),
    /** Spearman's rho: Pearson's r of midranks. Tied values share the mean of their ranks. */
    SPEARMAN("ρ", "Spearman", "Spearman's rho", 6),
    /**
     * Kendall's tau-b: concordant minus discordant pairs, over √(pairs not tied in x · pairs not
     * tied in y) (Kendall, Rank Correlation Methods, 1948, section 3).
     */
    KENDALL("τ", "Kendall", "Kendall's tau-b", 6);

    /** All coefficients in the order in which the page offers them, the headline's first. */
    public static final List<Association> OFFERED = List.of(KENDALL, SPEARMAN, PEARSON);

    private final String symbol;
    private final String author;
    private final String title;
    private final int minimumRuns;

    Association(String symbol, String author, String title, int minimumRuns) {
        this.symbol = symbol;
        this.author = author;
        this.title = title;
        this.minimumRuns = minimumRuns;
    }

    /** Returns the name in files, the record and metric labels, such as {@code kendall}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the symbol for axes and tables. */
    public String symbol() {
        return symbol;
    }

    /** Returns the short name for buttons. */
    public String author() {
        return author;
    }

    /** Returns the coefficient's full name. */
    public String title() {
        return title;
    }

    /**
     * Returns the fewest runs for which an estimate is given. At this number the exact permutation
     * test can reach p = .05 even with a tied pair, and simulations confirmed the interval's
     * coverage.
     */
    public int minimumRuns() {
        return minimumRuns;
    }

    /** Returns the ids of all coefficients, in the table's order. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Association::id).toList();
    }
}
