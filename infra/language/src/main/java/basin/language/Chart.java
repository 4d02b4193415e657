package basin.language;

import java.util.Arrays;

/**
 * The inside and outside probabilities of one sentence (Baker 1979; Lari and Young 1990), with
 * chains of unary rules summed exactly.
 *
 * <p>A cell is a span [i, j). "Branching" values belong to symbols whose own rule branches or emits
 * a word. "Closed" values belong to symbols at the top of a chain of unary rules. The emissions of
 * every word are divided by their maximum, so that long sentences do not underflow; the logarithm
 * of these factors is kept. Not thread-safe.
 */
final class Chart {
    private final NormalForm form;
    private final int length;
    private final int symbols;
    private final double[] branching;
    private final double[] closed;
    private final boolean[] filled;
    private double logScale;
    private double[] outsideBranching = {};
    private double[] outsideClosed = {};

    private Chart(NormalForm form, int length) {
        this.form = form;
        this.length = length;
        this.symbols = form.symbols;
        this.branching = new double[length * (length + 1) * symbols];
        this.closed = new double[length * (length + 1) * symbols];
        this.filled = new boolean[length * (length + 1)];
    }

    /** Returns the inside chart of a sentence. */
    static Chart inside(NormalForm form, int[] sentence) {
        Chart chart = new Chart(form, sentence.length);
        for (int i = 0; i < sentence.length; i++) {
            int word = sentence[i];
            double largest = Arrays.stream(form.emissions[word]).max().orElse(0);
            int cell = chart.cell(i, i + 1);
            if (largest > 0) {
                chart.logScale += Math.log(largest);
                for (int e = 0; e < form.emitters[word].length; e++) {
                    chart.branching[cell + form.emitters[word][e]] += form.emissions[word][e] / largest;
                }
                chart.close(i, i + 1);
            }
        }
        for (int span = 2; span <= sentence.length; span++) {
            for (int i = 0; i + span <= sentence.length; i++) {
                chart.combine(i, i + span);
            }
        }
        return chart;
    }

    private int cell(int from, int to) {
        return (from * (length + 1) + to) * symbols;
    }

    private boolean isFilled(int from, int to) {
        return filled[from * (length + 1) + to];
    }

    private void close(int from, int to) {
        filled[from * (length + 1) + to] = true;
        form.closure.upwards(branching, closed, cell(from, to), symbols);
    }

    private void combine(int from, int to) {
        int cell = cell(from, to);
        boolean any = false;
        for (int split = from + 1; split < to; split++) {
            if (!isFilled(from, split) || !isFilled(split, to)) {
                continue;
            }
            int lefts = cell(from, split);
            int rights = cell(split, to);
            for (int symbol = 0; symbol < symbols; symbol++) {
                double value = closed[lefts + symbol];
                if (value == 0) {
                    continue;
                }
                for (int rule : form.byLeft[symbol]) {
                    double other = closed[rights + form.right[rule]];
                    if (other != 0) {
                        branching[cell + form.parent[rule]] += form.probability[rule] * value * other;
                        any = true;
                    }
                }
            }
        }
        if (any) {
            close(from, to);
        }
    }

    /**
     * Computes the outside values, either of this sentence or of all sentences of its length that
     * share the words before a cell. In the second case the words after a cell are free. What
     * precedes a cell is known and what follows it is not, so one pass covers all cells.
     *
     * @param free inside probabilities of free words, from {@link Lengths#inside}; empty to use
     *     this sentence's words
     * @return this chart
     */
    Chart outside(double[] free) {
        outsideBranching = new double[branching.length];
        outsideClosed = new double[branching.length];
        outsideClosed[cell(0, length) + form.start] = 1;
        for (int span = length; span >= 1; span--) {
            for (int from = 0; from + span <= length; from++) {
                spread(from, from + span, free);
            }
        }
        return this;
    }

    /**
     * Propagates the outside values of a cell to its parts. The cell's own are complete by now, and
     * nothing inside the cell affects them.
     */
    private void spread(int from, int to, double[] free) {
        int cell = cell(from, to);
        form.closure.downwards(outsideClosed, outsideBranching, cell, symbols);
        for (int split = from + 1; split < to; split++) {
            boolean leftFilled = isFilled(from, split);
            boolean rightFilled = free.length > 0 || isFilled(split, to);
            if (!leftFilled && !rightFilled) {
                continue;
            }
            int lefts = cell(from, split);
            int rights = cell(split, to);
            double[] behind = free.length > 0 ? free : closed;
            int behindAt = free.length > 0 ? (to - split) * symbols : rights;
            for (int symbol = 0; symbol < symbols; symbol++) {
                double value = outsideBranching[cell + symbol];
                if (value == 0) {
                    continue;
                }
                for (int rule : form.byParent[symbol]) {
                    double weight = value * form.probability[rule];
                    outsideClosed[lefts + form.left[rule]] += weight * behind[behindAt + form.right[rule]];
                    outsideClosed[rights + form.right[rule]] += weight * closed[lefts + form.left[rule]];
                }
            }
        }
    }

    /**
     * Returns the log probability of the sentence under the grammar, before truncation at the
     * maximum length.
     */
    double logProbability() {
        return Math.log(closed[cell(0, length) + form.start]) + logScale;
    }

    /**
     * Returns the inside probability of a symbol over a span, up to a factor common to all symbols
     * of the span.
     */
    double inside(int from, int to, int symbol) {
        return closed[cell(from, to) + symbol];
    }

    /**
     * Returns the outside value of the emission at position {@code t} by a symbol, up to a factor
     * common to all symbols.
     */
    double emissionOutside(int t, int symbol) {
        return outsideBranching[cell(t, t + 1) + symbol];
    }

    /**
     * Returns the posterior probability, given the sentence, that this symbol's own rule covers
     * exactly this span by branching or emitting.
     */
    double branchingPosterior(int from, int to, int symbol) {
        double sentence = closed[cell(0, length) + form.start];
        return outsideBranching[cell(from, to) + symbol] * branching[cell(from, to) + symbol] / sentence;
    }
}
