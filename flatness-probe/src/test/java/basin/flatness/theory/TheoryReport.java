package basin.flatness.theory;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Checks theoretical predictions about flatness numerically: SGD's drift along minimisers, and the
 * flattest network of the bracket language. Prints the values quoted in infra/docs/theory; run by
 * {@code flatness-probe/verify/theory.sh}.
 */
final class TheoryReport {
    private static final List<Double> RATES = List.of(0.04, 0.03, 0.02);
    private static final int REPETITIONS = 400;
    private static final double TWO_SIDED_95 = 1.959964;

    private final PrintWriter out;
    private final long seed;

    /**
     * Creates a report.
     *
     * @param seed seed of labels and features
     */
    TheoryReport(PrintWriter out, long seed) {
        this.out = out;
        this.seed = seed;
    }

    /**
     * Prints one part.
     *
     * @param args {@code drift} or {@code brackets}, then the number of SGD chains per rate
     *     (default 4000) and the seed (default 1)
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        TheoryReport report = new TheoryReport(out, args.length > 2 ? Long.parseLong(args[2]) : 1);
        switch (args[0]) {
            case "drift" -> report.drift(args.length > 1 ? Integer.parseInt(args[1]) : 4000);
            case "brackets" -> report.brackets();
            default -> throw new IllegalArgumentException(args[0] + " is no part: give drift or brackets.");
        }
    }

    void drift(int chains) {
        out.printf(
                Locale.ROOT,
                "SGD's drift along minimisers: the trace of the Hessian in nats, mean of %,d chains with its standard"
                        + " error, rates %s, seed %d.%n",
                chains,
                RATES,
                seed);
        for (Logit model : Logit.values()) {
            double slow = model == Logit.PRODUCT ? 2 : 4;
            for (int batch : new int[] {1, 4}) {
                SgdDrift.Comparison compared = SgdDrift.compare(model, batch, slow * batch, RATES, chains, seed);
                out.printf(
                        Locale.ROOT,
                        "%n%s, B = %d, time %.0f (steps times the squared rate), from %.4f%n",
                        model.description(),
                        batch,
                        compared.time(),
                        compared.before());
                compared.learningRates()
                        .forEach(at -> out.printf(
                                Locale.ROOT,
                                "  rate %.2f, %,d steps: %.4f ± %.4f%n",
                                at.rate(),
                                at.steps(),
                                at.trace().value(),
                                at.trace().standardError()));
                out.printf(
                        Locale.ROOT,
                        "  rate 0, by a line: %.4f ± %.4f%n  the flow: %.4f, %.1f standard errors away; half its"
                                + " speed: %.4f, %.1f away; twice: %.4f, %.1f away%n",
                        compared.extrapolated().value(),
                        compared.extrapolated().standardError(),
                        compared.predicted(),
                        Math.abs(compared.away(compared.predicted())),
                        compared.halfSpeed(),
                        Math.abs(compared.away(compared.halfSpeed())),
                        compared.twiceTheSpeed(),
                        Math.abs(compared.away(compared.twiceTheSpeed())));
                out.flush();
            }
        }
        out.println();
    }

    void brackets() {
        out.printf(
                Locale.ROOT,
                "The bracket language: traces of networks that fill the mask without error, and how often a head on"
                        + " few labelled strings fails, of %d draws (95 %% interval), seed %d.%n",
                REPETITIONS,
                seed);
        for (int length : new int[] {4, 6, 8}) {
            BracketNetwork counting = BracketNetwork.counting(length);
            int neurons = 4 * length * (int) Math.rint(balanced(length)) / 2;
            BracketNetwork random = BracketNetwork.random(length, neurons, seed);
            out.printf(
                    Locale.ROOT,
                    "%nT = %d: the least trace 4√(T − 1) = %.3f; two counting neurons %.3f; %,d random ones %.1f"
                            + " (error at most %.0e)%n",
                    length,
                    4 * Math.sqrt(length - 1.0),
                    counting.trace(length),
                    neurons,
                    random.trace(length),
                    random.worstError(length));
            for (int examples : new int[] {4, 8, 16}) {
                out.printf(
                        Locale.ROOT,
                        "  %2d labelled strings: counting fails in %s, random features in %s%n",
                        examples,
                        failures(counting, length, examples),
                        failures(random, length, examples));
            }
            out.flush();
        }
        out.println();
    }

    /** Returns the number of strings with equally many opening and closing brackets. */
    private static double balanced(int length) {
        double count = 1;
        for (int i = 1; i <= length / 2; i++) {
            count = count * (length / 2.0 + i) / i;
        }
        return count;
    }

    private String failures(BracketNetwork network, int length, int examples) {
        int failed = 0;
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            failed += network.failsToTransfer(length, examples, seed + repetition) ? 1 : 0;
        }
        // Wilson's interval, which is valid near 0 and 1 too.
        double share = failed / (double) REPETITIONS;
        double z2 = TWO_SIDED_95 * TWO_SIDED_95 / REPETITIONS;
        double middle = (share + z2 / 2) / (1 + z2);
        double half = Math.sqrt(share * (1 - share) * z2 + z2 * z2 / 4) / (1 + z2);
        return String.format(
                Locale.ROOT, "%.1f %% (%.1f to %.1f)", 100 * share, 100 * (middle - half), 100 * (middle + half));
    }
}
