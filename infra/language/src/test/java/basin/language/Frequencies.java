package basin.language;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.stat.inference.ChiSquareTest;

/** A test of a language's draws against its probabilities. */
public final class Frequencies {
    /** The probability that a correct sampler fails the test at a random seed. */
    private static final double FALSE_ALARM = 1e-4;

    private static final double MIN_EXPECTED = 5;

    private Frequencies() {}

    /**
     * Applies Pearson's χ² test over all sentences of a small language, with rare ones pooled.
     * False alarm in one of 10,000 seeds.
     */
    public static void agree(Language language, int draws, long seed) {
        Map<List<Integer>, Integer> cells = new HashMap<>();
        List<Double> expected = new ArrayList<>(List.of(0.0));
        for (int[] sentence : language.sentences(10_000).orElseThrow()) {
            double count = draws * Math.exp(language.logProbability(sentence));
            if (count < MIN_EXPECTED) {
                cells.put(key(sentence), 0);
                expected.set(0, expected.getFirst() + count);
            } else {
                cells.put(key(sentence), expected.size());
                expected.add(count);
            }
        }
        long[] observed = new long[expected.size()];
        for (int[] sentence :
                language.masked(Seeds.generator(seed, "frequencies"), draws).sentences()) {
            assertThat(cells).containsKey(key(sentence));
            observed[cells.getOrDefault(key(sentence), 0)]++;
        }
        int from = 0;
        if (expected.getFirst() < MIN_EXPECTED) {
            // Expected count too small for its own cell: pooled with the others.
            expected.set(1, expected.get(1) + expected.getFirst());
            observed[1] += observed[0];
            from = 1;
        }
        double p = new ChiSquareTest()
                .chiSquareTest(
                        expected.stream()
                                .skip(from)
                                .mapToDouble(Double::doubleValue)
                                .toArray(),
                        Arrays.copyOfRange(observed, from, observed.length));
        assertThat(p).isGreaterThan(FALSE_ALARM);
    }

    private static List<Integer> key(int[] sentence) {
        return Arrays.stream(sentence).boxed().toList();
    }
}
