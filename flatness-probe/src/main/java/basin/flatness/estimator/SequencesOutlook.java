package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;

/** An outlook on examples of several predictions each: means over an example's predictions. Immutable. */
final class SequencesOutlook implements Outlook {
    private final ScoredOutlook predictions;
    /** By prediction: the example that it belongs to. */
    private final int[] examples;

    private final double[] counts;

    private SequencesOutlook(ScoredOutlook predictions, int[] examples, double[] counts) {
        this.predictions = predictions;
        this.examples = examples;
        this.counts = counts;
    }

    /**
     * Of a batch.
     *
     * @param scores of every prediction, example by example; not copied: the caller gives them away
     */
    static SequencesOutlook of(TokenSequences batch, List<double[]> scores) {
        int[] examples = new int[scores.size()];
        double[] counts = new double[batch.size()];
        List<double[]> targets = new ArrayList<>();
        int[] firsts = new int[scores.size()];
        int at = 0;
        for (int i = 0; i < batch.size(); i++) {
            TokenSequences.Example example = batch.example(i);
            for (int place = 0; place < example.firsts().length; place++) {
                examples[at] = i;
                counts[i]++;
                firsts[at] = example.firsts()[place];
                targets.add(example.targets()[place]);
                at++;
            }
        }
        return new SequencesOutlook(
                new ScoredOutlook(scores.toArray(double[][]::new), targets.toArray(double[][]::new), firsts),
                examples,
                counts);
    }

    private double[] means(double[] ofPredictions) {
        double[] means = new double[counts.length];
        for (int at = 0; at < ofPredictions.length; at++) {
            means[examples[at]] += ofPredictions[at] / counts[examples[at]];
        }
        return means;
    }

    @Override
    public double[] losses() {
        return means(predictions.losses());
    }

    @Override
    public double[] spreads() {
        return means(predictions.spreads());
    }

    @Override
    public double[] misses() {
        return means(predictions.misses());
    }

    @Override
    public double[] variances(Outlook ahead, Outlook behind) {
        if (!(ahead instanceof SequencesOutlook further && behind instanceof SequencesOutlook before)) {
            throw new IllegalArgumentException("These are outlooks of another surface.");
        }
        return means(predictions.variances(further.predictions, before.predictions));
    }

    @Override
    public Outlook only(int... wanted) {
        List<Integer> kept = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        double[] own = new double[wanted.length];
        for (int k = 0; k < wanted.length; k++) {
            own[k] = counts[wanted[k]];
            for (int at = 0; at < examples.length; at++) {
                if (examples[at] == wanted[k]) {
                    kept.add(at);
                    owners.add(k);
                }
            }
        }
        return new SequencesOutlook(
                predictions.only(kept.stream().mapToInt(Integer::intValue).toArray()),
                owners.stream().mapToInt(Integer::intValue).toArray(),
                own);
    }
}
