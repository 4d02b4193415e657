package basin.flatness.estimator;

import basin.flatness.measurement.PairStatistics;
import basin.flatness.measurement.ProgressListener;
import basin.network.TokenBatch;
import basin.record.LayerTraces;
import basin.record.Measured;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.util.FastMath;

/**
 * An estimator that obtains an independent value of each of its quantities from each pair of a
 * fresh batch and fresh probes.
 *
 * <p>If a relative standard error is requested, a pilot of the smallest number of pairs, with two
 * probes each, estimates the variances of the data and of the probe. With the costs of a batch and
 * of a probe these give the number of probes per batch, K = √(σ²_probe/σ²_data ·
 * cost_batch/cost_probe), and then the number of pairs. The pilot's batches get the same K, so that
 * all pairs are alike. The number of pairs is fixed from the pilot, with a reserve, before further
 * values are used (Stein's two-stage procedure). It is recomputed from all pairs so far only if it
 * falls short.
 */
abstract class PairwiseEstimator implements FlatnessEstimator {
    private static final int PILOT_PROBES = 2;
    private static final int MAX_PROBES = 16;
    /**
     * Factor on the number of pairs computed from the pilot's variance, because that variance is an
     * estimate too.
     */
    private static final double RESERVE = 1.1;

    private final Estimator estimator;
    private final List<Quantity> quantities;
    private final Estimator.Cost cost;

    /** Creates an estimator with the quantities and cost of its catalogue entry. */
    PairwiseEstimator(Estimator estimator) {
        this(estimator, estimator.quantities(), estimator.cost());
    }

    /**
     * Creates an estimator with other quantities or other costs of a batch and of a probe.
     *
     * @param quantities in the order of the results
     * @param cost determines the number of probes per batch if a relative standard error is
     *     requested; a different cost changes the values
     */
    PairwiseEstimator(Estimator estimator, List<Quantity> quantities, Estimator.Cost cost) {
        this.estimator = estimator;
        this.quantities = List.copyOf(quantities);
        this.cost = cost;
    }

    /** The measurement of one pair. */
    @FunctionalInterface
    interface PairWork {
        /**
         * Adds a value to the samples for each probe from {@code from} to {@code to}, exclusive.
         */
        void measure(int pair, TokenBatch batch, int from, int to, PairSamples samples);

        /**
         * Returns the traces of every tensor from the given number of probes of each measured pair;
         * empty if the work does not separate tensors.
         */
        default Optional<List<LayerTraces>> layers(int probes) {
            return Optional.empty();
        }
    }

    /** Prepares a measurement of the surface and returns the work for each pair. */
    abstract PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings);

    @Override
    public final Estimator estimator() {
        return estimator;
    }

    @Override
    public final List<Quantity> quantities() {
        return quantities;
    }

    @Override
    public final Findings find(
            LossSurface surface, BatchSource batches, MeasurementSettings settings, ProgressListener listener) {
        int min = min(batches, settings);
        PairWork work = begin(surface, batches, settings);
        SequentialMeasurement course = new SequentialMeasurement(batches, settings, listener, min, work);
        int probes = settings.relative().isPresent()
                ? course.toRelative(settings.relative().get())
                : course.fixed();
        return new Findings(
                quantities.stream()
                        .map(quantity -> course.samples.measurement(
                                quantity, probes, surface.parameters(), settings.confidence()))
                        .toList(),
                quantities.stream()
                        .map(quantity -> Arrays.stream(course.samples.means(quantity, probes))
                                .boxed()
                                .toList())
                        .toList(),
                work.layers(probes),
                Optional.empty());
    }

    /**
     * Returns every pair's mean over its probes, for any number of pairs. The estimator's variance
     * follows from it.
     *
     * @return [quantities, pairs], quantities in their order
     */
    final double[][] valuesOfPairs(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        SequentialMeasurement course = new SequentialMeasurement(
                batches, settings, ProgressListener.NONE, 0, begin(surface, batches, settings));
        course.fixed();
        return quantities.stream()
                .map(quantity -> course.samples.means(quantity, settings.probes()))
                .toArray(double[][]::new);
    }

    /**
     * Returns the smallest number of pairs of this batch size whose interval covers.
     *
     * @throws Refusal if the settings have fewer
     */
    private int min(BatchSource batches, MeasurementSettings settings) {
        if (settings.pairs() < minPairs()) {
            throw new Refusal("flatness.pairs is " + settings.pairs() + ": give at least " + minPairs()
                    + ", below which the interval of '" + estimator + "' does not cover.");
        }
        int min = FastMath.max(
                minPairs(), Math.ceilDiv(minExamples(), batches.batch(0).size()));
        if (settings.pairs() < min) {
            throw new Refusal("flatness.batch makes "
                    + settings.pairs() * batches.batch(0).size()
                    + " examples in all: give at least " + Math.ceilDiv(minExamples(), settings.pairs())
                    + " a batch, below which the interval of '" + estimator + "' does not cover.");
        }
        return min;
    }

    /** The state of one measurement. */
    private final class SequentialMeasurement {
        private final BatchSource batches;
        private final MeasurementSettings settings;
        private final ProgressListener listener;
        private final int min;
        private final PairSamples samples = new PairSamples(quantities);
        private final PairWork work;
        private int done;

        SequentialMeasurement(
                BatchSource batches, MeasurementSettings settings, ProgressListener listener, int min, PairWork work) {
            this.batches = batches;
            this.settings = settings;
            this.listener = listener;
            this.min = min;
            this.work = work;
        }

        int fixed() {
            measureUpTo(settings.pairs(), settings.probes());
            return settings.probes();
        }

        int toRelative(double relative) {
            while (done < min) {
                work.measure(done, batches.batch(done), 0, PILOT_PROBES, samples);
                done++;
                report(done, guessed(relative), PILOT_PROBES);
            }
            int probes = bestProbes(leastCertain(PILOT_PROBES));
            if (probes > PILOT_PROBES) {
                for (int pair = 0; pair < done; pair++) {
                    work.measure(pair, batches.batch(pair), PILOT_PROBES, probes, samples);
                    // The pilot's batches count again, in proportion to their probes.
                    report(
                            (done * PILOT_PROBES + (pair + 1) * (probes - PILOT_PROBES)) / probes,
                            guessed(relative),
                            PILOT_PROBES);
                }
            }
            boolean continues = true;
            while (continues && done < settings.pairs()) {
                double excess = relativeError(leastCertain(probes), probes) / relative;
                if (excess <= 1) {
                    break;
                }
                continues = measureUpTo(planned(excess), probes);
            }
            return probes;
        }

        /**
         * Returns the total number of pairs after which the error is as wanted, with the reserve:
         * it falls with the square root of their number.
         *
         * @param excess error so far in units of the wanted one
         */
        private int planned(double excess) {
            double wanted = FastMath.ceil(RESERVE * done * excess * excess);
            return (int) FastMath.min(settings.pairs(), FastMath.max(done + 1.0, wanted));
        }

        /** Returns a guess of that number during the pilot, which decides nothing. */
        private int guessed(double relative) {
            double excess = done < 2 ? 0 : relativeError(leastCertain(PILOT_PROBES), PILOT_PROBES) / relative;
            return FastMath.max(min, excess > 1 ? planned(excess) : done);
        }

        /**
         * Measures up to the given total number of pairs. Returns whether the listener allowed it.
         */
        private boolean measureUpTo(int pairs, int probes) {
            while (done < pairs) {
                work.measure(done, batches.batch(done), 0, probes, samples);
                done++;
                if (!report(done, pairs, probes) && done >= min) {
                    return false;
                }
            }
            return true;
        }

        private boolean report(int pairs, int planned, int probes) {
            return listener.at(new ProgressListener.Progress(pairs, planned, () -> known(probes)));
        }

        private Optional<ProgressListener.Known> known(int probes) {
            if (done < 2) {
                return Optional.empty();
            }
            Quantity quantity = leastCertain(probes);
            Measured mean = PairStatistics.mean(samples.means(quantity, probes));
            return Optional.of(new ProgressListener.Known(
                    quantity,
                    mean,
                    done < min
                            ? Optional.empty()
                            : Optional.of(AnytimeInterval.of(mean, done, 2 * min, settings.confidence()))));
        }

        private Quantity leastCertain(int probes) {
            Quantity worst = quantities.getFirst();
            double max = Double.NEGATIVE_INFINITY;
            for (Quantity quantity : quantities) {
                // The gap may be zero and then has no relative error.
                double error = quantity == Quantity.HESSIAN_FISHER_GAP && quantities.size() > 1
                        ? Double.NEGATIVE_INFINITY
                        : relativeError(quantity, probes);
                if (error > max) {
                    max = error;
                    worst = quantity;
                }
            }
            return worst;
        }

        private double relativeError(Quantity quantity, int probes) {
            Measured mean = PairStatistics.mean(samples.means(quantity, probes));
            double relative = mean.standardError() / FastMath.abs(mean.value());
            return mean.standardError() == 0 ? 0 : relative;
        }

        private int bestProbes(Quantity quantity) {
            double probe = samples.varianceWithin(quantity);
            double both = StatUtils.variance(samples.means(quantity, PILOT_PROBES));
            double data = both - probe / PILOT_PROBES;
            double ratio = probe * cost.batch() / (FastMath.max(data, 0) * cost.probe());
            return Double.isNaN(ratio)
                    ? 1
                    : (int) FastMath.max(1, FastMath.min(MAX_PROBES, FastMath.rint(FastMath.sqrt(ratio))));
        }
    }
}
