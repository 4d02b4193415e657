package basin.flatness.theory;

import basin.record.Measured;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.hipparchus.util.FastMath;

/**
 * SGD with a constant rate does not rest at a minimiser: its noise, whose covariance is the Hessian over the batch, drives it along the
 * minimisers to where the trace is small, at the speed −(1/4B)∇tr ∇²L in the limit of a small rate. Here many chains of SGD on a {@link Logit}
 * are run at three rates for the same time, the mean trace is extrapolated to the rate zero by a straight line, and set beside the flow of
 * the theory, and beside flows of half and twice its speed. Stateless; thread-safe.
 */
public final class SgdDrift {
    private static final int FLOW_STEPS = 2_000;

    private SgdDrift() {}

    /**
     * What one rate gave.
     *
     * @param rate η
     * @param steps of each chain
     * @param trace mean over chains of tr ∇²L at the end, with its standard error, in nats
     */
    public record AtRate(double rate, int steps, Measured trace) {}

    /**
     * Chains beside the flow.
     *
     * @param batch B
     * @param time steps·η²
     * @param chains of each rate
     * @param learningRates what each rate gave
     * @param extrapolated to the rate zero
     * @param before the trace at the start
     * @param predicted by the flow, after the time
     * @param halfSpeed by a flow of half the speed
     * @param twiceTheSpeed by a flow of twice the speed
     */
    public record Comparison(
            Logit model,
            int batch,
            double time,
            int chains,
            List<AtRate> learningRates,
            Measured extrapolated,
            double before,
            double predicted,
            double halfSpeed,
            double twiceTheSpeed) {
        public Comparison {
            learningRates = List.copyOf(learningRates);
        }

        /** How many standard errors the chains are away from a value. */
        public double away(double value) {
            return (extrapolated.value() - value) / extrapolated.standardError();
        }
    }

    /**
     * Runs chains and the flow.
     *
     * @param learningRates at least two, different
     * @param chains at least 2, each with a stream of its own from {@code seed}
     */
    public static Comparison compare(
            Logit model, int batch, double time, List<Double> learningRates, int chains, long seed) {
        if (learningRates.stream().distinct().count() < 2) {
            throw new IllegalArgumentException(
                    "rates are " + learningRates + ": give at least two different ones, for a line.");
        }
        List<AtRate> found = new ArrayList<>();
        for (int i = 0; i < learningRates.size(); i++) {
            found.add(run(model, batch, time, learningRates.get(i), chains, Seeds.derive(seed, "sgd-drift", batch, i)));
        }
        return new Comparison(
                model,
                batch,
                time,
                chains,
                found,
                atZero(found),
                model.trace(model.start()),
                model.trace(flow(model, batch, time)),
                model.trace(flow(model, batch, time / 2)),
                model.trace(flow(model, batch, 2 * time)));
    }

    private static AtRate run(Logit model, int batch, double time, double rate, int chains, long seed) {
        int steps = (int) FastMath.rint(time / (rate * rate));
        double sum = 0;
        double squares = 0;
        for (int chain = 0; chain < chains; chain++) {
            double trace = model.trace(chain(model, batch, rate, steps, Seeds.generator(seed, "chain", chain)));
            sum += trace;
            squares += trace * trace;
        }
        double mean = sum / chains;
        double variance = FastMath.max(0, squares / chains - mean * mean) * chains / (chains - 1);
        return new AtRate(rate, steps, new Measured(mean, FastMath.sqrt(variance / chains)));
    }

    /** Where SGD on freshly drawn labels gets to. */
    private static double[] chain(Logit model, int batch, double rate, int steps, RandomGenerator random) {
        double[] theta = model.start();
        double[] gradient = new double[theta.length];
        for (int step = 0; step < steps; step++) {
            int ones = 0;
            for (int i = 0; i < batch; i++) {
                ones += random.nextDouble() < Logit.PROBABILITY ? 1 : 0;
            }
            double error = Logit.sigmoid(model.valueAndGradient(theta, gradient)) - ones / (double) batch;
            for (int i = 0; i < theta.length; i++) {
                theta[i] -= rate * error * gradient[i];
            }
        }
        return theta;
    }

    /** Where the flow gets to: Runge and Kutta's steps of fourth order, each brought back to the minimisers. */
    static double[] flow(Logit model, int batch, double time) {
        double[] theta = model.start();
        double step = time / FLOW_STEPS;
        for (int i = 0; i < FLOW_STEPS; i++) {
            double[] first = model.drift(theta, batch);
            double[] second = model.drift(moved(theta, first, step / 2), batch);
            double[] third = model.drift(moved(theta, second, step / 2), batch);
            double[] fourth = model.drift(moved(theta, third, step), batch);
            for (int k = 0; k < theta.length; k++) {
                theta[k] += step / 6 * (first[k] + 2 * second[k] + 2 * third[k] + fourth[k]);
            }
            theta = model.onSurface(theta);
        }
        return theta;
    }

    private static double[] moved(double[] theta, double[] direction, double far) {
        double[] moved = theta.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += far * direction[i];
        }
        return moved;
    }

    /** The intercept of the weighted least-squares line through the rates' means, with its standard error. */
    static Measured atZero(List<AtRate> learningRates) {
        double weights = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (AtRate at : learningRates) {
            double weight = 1 / (at.trace().standardError() * at.trace().standardError());
            weights += weight;
            x += weight * at.rate();
            y += weight * at.trace().value();
            xx += weight * at.rate() * at.rate();
            xy += weight * at.rate() * at.trace().value();
        }
        double determinant = weights * xx - x * x;
        return new Measured((xx * y - x * xy) / determinant, FastMath.sqrt(xx / determinant));
    }
}
