package basin.it.fuzz;

import basin.study.Seeds;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The fuzzing of one reader: calls with changed inputs, in an order that the seed determines. A
 * call with a new outcome adds its input to those that are changed. Not thread-safe.
 */
final class Fuzzing {
    private final FuzzTarget target;
    private final Trials trials;
    private final Mutator mutator;
    private final Set<String> outcomes = new HashSet<>();
    private final Map<String, Crash> crashes = new TreeMap<>();
    private long executions;

    /** A crash: the input and what is wrong, with the lines of the stack trace. */
    @SuppressWarnings("ArrayRecordComponent") // Made once and written to a file.
    record Crash(byte[] input, String what) {}

    Fuzzing(FuzzTarget target, Trials trials, long seed) {
        this.target = target;
        this.trials = trials;
        this.mutator = new Mutator(target.corpus(), Seeds.generator(seed, "fuzz/" + target.name()));
    }

    /** Calls the reader with the next input. */
    void step() throws InterruptedException {
        byte[] input = mutator.next();
        Trials.Outcome outcome = trials.of(target, input);
        executions++;
        if (outcomes.add(outcome.kind())) {
            mutator.keep(input);
        }
        Optional<String> what = outcome.crash();
        what.ifPresent(wrong -> crashes.putIfAbsent(place(wrong), new Crash(input, wrong)));
    }

    /** Returns the first line of Basin's own in a stack trace, which tells crashes apart. */
    private static String place(String wrong) {
        return wrong.lines()
                .filter(line -> line.contains("at basin.") && !line.contains("basin.it."))
                .findFirst()
                .orElseGet(() -> wrong.lines().findFirst().orElse(""));
    }

    long executions() {
        return executions;
    }

    int outcomes() {
        return outcomes.size();
    }

    /** Returns the crashes by their places. */
    Map<String, Crash> crashes() {
        return crashes;
    }
}
