package basin.language;

/** Probabilities of sentence lengths, by the inside recursion summed over all words. */
final class Lengths {
    private Lengths() {}

    /**
     * Returns the inside probabilities of free words. An entry is the probability that a symbol, at
     * the top of a chain of unary rules, derives a string of exactly n words.
     *
     * @return (n from 0 to {@code maxLength}) x symbols, row-major
     */
    static double[] inside(NormalForm form, int maxLength) {
        int symbols = form.symbols;
        double[] branching = new double[(maxLength + 1) * symbols];
        double[] closed = new double[(maxLength + 1) * symbols];
        for (int word = 0; word < form.emitters.length; word++) {
            for (int e = 0; e < form.emitters[word].length; e++) {
                branching[symbols + form.emitters[word][e]] += form.emissions[word][e];
            }
        }
        for (int length = 1; length <= maxLength; length++) {
            int cell = length * symbols;
            for (int split = 1; split < length; split++) {
                for (int rule = 0; rule < form.parent.length; rule++) {
                    branching[cell + form.parent[rule]] += form.probability[rule]
                            * closed[split * symbols + form.left[rule]]
                            * closed[(length - split) * symbols + form.right[rule]];
                }
            }
            form.closure.upwards(branching, closed, cell, symbols);
        }
        return closed;
    }
}
