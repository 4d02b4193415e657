package basin.local.command;

import basin.events.spec.Refusal;
import basin.flatness.theory.BracketNetwork;
import basin.flatness.theory.Logit;
import basin.flatness.theory.SgdDrift;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds what theory says of flatness against numbers. */
@Command(
        name = "theory",
        description =
                "Holds what theory says of flatness against numbers: SGD's drift along minimisers, and the flattest"
                        + " network of the bracket language; infra/docs/theory tells what is compared.",
        sortOptions = false)
public final class TheoryCommand implements Callable<Integer> {
    private static final List<Double> RATES = List.of(0.04, 0.03, 0.02);
    private static final int REPETITIONS = 400;
    private static final double TWO_SIDED_95 = 1.959964;

    /** What can be asked for. */
    enum Check {
        /** SGD's drift. */
        DRIFT,
        /** The flattest network of the bracket language. */
        BRACKETS
    }

    @Spec
    private CommandSpec command;

    @Parameters(arity = "0..*", paramLabel = "drift|brackets", description = "Which; default: both.")
    private List<Check> checks = List.of();

    @Option(
            names = "--chains",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Chains of SGD at each rate; default: ${DEFAULT-VALUE}.")
    private int chains;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws labels and features; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        if (chains < 100 || chains > 1_000_000) {
            throw new Refusal("--chains is " + chains + ": give a number from 100 to 1,000,000.");
        }
        PrintWriter out = command.commandLine().getOut();
        for (Check check : checks.isEmpty() ? List.of(Check.values()) : checks) {
            switch (check) {
                case DRIFT -> drift(out);
                case BRACKETS -> brackets(out);
            }
            out.flush();
        }
        return 0;
    }

    private void drift(PrintWriter out) {
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
                compared.rates()
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

    private void brackets(PrintWriter out) {
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

    /** Strings with as many opening as closing brackets. */
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
        // Wilson's interval, which holds near 0 and 1 too.
        double share = failed / (double) REPETITIONS;
        double z2 = TWO_SIDED_95 * TWO_SIDED_95 / REPETITIONS;
        double middle = (share + z2 / 2) / (1 + z2);
        double half = Math.sqrt(share * (1 - share) * z2 + z2 * z2 / 4) / (1 + z2);
        return String.format(
                Locale.ROOT, "%.1f %% (%.1f to %.1f)", 100 * share, 100 * (middle - half), 100 * (middle + half));
    }
}
