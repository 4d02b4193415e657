package basin.flatness.estimator;

import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.PairStatistics;
import basin.flatness.measurement.ProgressListener;
import basin.network.TokenBatch;
import basin.record.Eigenvalue;
import basin.record.Measured;
import basin.record.SpectralDensity;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.hipparchus.util.FastMath;

/**
 * Estimates the largest eigenvalues of data sets' mean Hessians, the smallest one, and the spectral
 * density. Each data set has one Lanczos run with exact products and one start vector of
 * independent signs. Every data set is fresh, so errors over data sets include both sampling noise
 * and the start vector's noise.
 *
 * <p>An eigenvalue is that of a data set of the given number of sentences. On average the largest
 * eigenvalue of a mean over few sentences exceeds the population's, because the largest eigenvalue
 * is a convex function of the matrix (Jensen). The bias shrinks as the data set grows.
 *
 * <p>The density is stochastic Lanczos quadrature (Ubaru, Chen and Saad, SIAM J. Matrix Anal. Appl.
 * 38, 2017; for neural networks Ghorbani, Krishnan and Xiao, arXiv 1901.10159). A node's weight
 * times the number of parameters is the number of eigenvalues it represents, and is counted in the
 * node's bin without smoothing. Its moments up to twice the number of steps are exact for the start
 * vector. So the counts sum to the number of parameters and the first moment is an unbiased tr H.
 * Within a bin the resolution is that of the nodes.
 */
final class SpectrumEstimator implements FlatnessEstimator {
    /** Number of largest eigenvalues reported. */
    static final int LARGEST = 5;

    static final int MIN_STEPS = 40;
    private static final int MAX_STEPS = 80;
    /**
     * Residual at which an eigenvalue has converged, relative to the eigenvalue of largest
     * magnitude.
     */
    private static final double RESIDUAL = 1e-3;
    /**
     * Limit on the numbers kept for reorthogonalisation, 256 MB, as far as the smallest number of
     * steps allows.
     */
    private static final int MAX_NUMBERS = 1 << 25;

    @Override
    public Estimator estimator() {
        return Estimator.SPECTRUM_LANCZOS;
    }

    @Override
    public Findings find(
            LossSurface surface, BatchSource batches, MeasurementSettings settings, ProgressListener listener) {
        int examples = settings.pairs() * batches.batch(0).size();
        if (settings.pairs() < minPairs() || examples < minExamples()) {
            throw new Refusal("flatness.pairs is " + settings.pairs() + " and flatness.batch makes " + examples
                    + " examples in all: give at least " + minPairs() + " and " + minExamples()
                    + ", below which the intervals of '" + name() + "' do not cover.");
        }
        int parameters = surface.parameters();
        Lanczos.Goal goal = new Lanczos.Goal(
                MIN_STEPS,
                FastMath.min(MAX_STEPS, FastMath.max(MIN_STEPS, MAX_NUMBERS / parameters)),
                LARGEST,
                RESIDUAL);
        List<Lanczos> runs = new ArrayList<>();
        for (int dataSet = 0; dataSet < settings.pairs(); dataSet++) {
            TokenBatch batch = batches.batch(dataSet);
            runs.add(Lanczos.run(
                    (vector, memory) -> surface.products(batch, List.of(vector), memory)
                            .getFirst()
                            .hessianProduct(),
                    ProbeSampler.signs(settings.seed(), dataSet, 0, parameters),
                    goal));
        }
        int fewest = runs.stream().mapToInt(run -> run.points().length).min().orElseThrow();
        List<Eigenvalue> top = new ArrayList<>();
        for (int rank = 0; rank < FastMath.min(LARGEST, fewest); rank++) {
            int place = rank;
            top.add(eigenvalue(runs, run -> place, settings.confidence()));
        }
        Eigenvalue lowest = eigenvalue(runs, run -> run.points().length - 1, settings.confidence());
        return new Findings(
                List.of(new Measurement(
                        Quantity.TOP_EIGENVALUE,
                        top.getFirst().value(),
                        top.getFirst().interval(),
                        settings.pairs(),
                        1,
                        Optional.empty(),
                        parameters)),
                List.of(runs.stream().map(run -> run.points()[0]).toList()),
                Optional.empty(),
                Optional.of(new Spectrum(top, lowest, density(runs, parameters))));
    }

    private static Eigenvalue eigenvalue(List<Lanczos> runs, ToIntFunction<Lanczos> place, double confidence) {
        double[] values = values(runs, run -> run.points()[place.applyAsInt(run)]);
        double residual = 0;
        for (Lanczos run : runs) {
            residual = FastMath.max(residual, run.residuals()[place.applyAsInt(run)]);
        }
        return new Eigenvalue(PairStatistics.mean(values), PairStatistics.interval(values, confidence), residual);
    }

    private static double[] values(List<Lanczos> runs, ToDoubleFunction<Lanczos> value) {
        return runs.stream().mapToDouble(value).toArray();
    }

    private static SpectralDensity density(List<Lanczos> runs, int parameters) {
        List<Double> counts = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        for (int bin = 0; bin < SpectralAxis.bins(); bin++) {
            int own = bin;
            Measured count = PairStatistics.mean(values(
                    runs, run -> parameters * moment(run, point -> SpectralAxis.bin(point) == own ? 1 : 0)));
            counts.add(count.value());
            errors.add(count.standardError());
        }
        return new SpectralDensity(
                SpectralAxis.ofEdges(),
                counts,
                errors,
                PairStatistics.mean(values(runs, run -> parameters * moment(run, point -> point))),
                PairStatistics.mean(values(runs, run -> parameters * moment(run, point -> point * point))),
                runs.stream().mapToInt(run -> run.points().length).max().orElseThrow());
    }

    /** Returns the mean of a function over a run's density. */
    private static double moment(Lanczos run, DoubleUnaryOperator function) {
        double sum = 0;
        for (int k = 0; k < run.points().length; k++) {
            sum += run.weights()[k] * function.applyAsDouble(run.points()[k]);
        }
        return sum;
    }
}
