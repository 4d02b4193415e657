package basin.flatness.theory;

import basin.record.Measured;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.hipparchus.util.FastMath;

/**
 * Simulates the drift of SGD along minimisers. SGD with a constant rate does not rest at a
 * minimiser: its noise, whose covariance is the Hessian divided by the batch size, drives it along
 * the minimisers to small traces. In the limit of small rates the velocity is −(1/4B)∇tr ∇²L. Many
 * chains of SGD on a {@link Logit} run at three rates for the same time. The mean trace is
 * extrapolated linearly to rate zero and compared with the theoretical flow and with flows of half
 * and twice its speed. Stateless; thread-safe.
 */
public final class SgdDrift {
    private static final int FLOW_STEPS = 2_000;

    private SgdDrift() {}

    /**
     * The result at one rate.
     *
     * @param rate learning rate η
     * @param steps steps of each chain
     * @param trace mean over chains of tr ∇²L at the end, in nats, with its standard error
     */
    public record AtRate(double rate, int steps, Measured trace) {}

    /**
     * A comparison of chains with the flow.
     *
     * @param batch batch size B
     * @param time steps·η²
     * @param chains chains per rate
     * @param learningRates results of each rate
     * @param extrapolated trace extrapolated to rate zero
     * @param before trace at the start
     * @param predicted trace of the flow at the end
     * @param halfSpeed trace of a flow of half the speed
     * @param twiceTheSpeed trace of a flow of twice the speed
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

        /** Returns the distance of the chains from a value, in standard errors. */
        public double away(double value) {
            return (extrapolated.value() - value) / extrapolated.standardError();
        }
    }

    /**
     * Runs chains and the flow.
     *
     * @param learningRates at least two distinct rates
     * @param chains at least 2, each with its own stream from {@code seed}
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

    /** Returns the end point of SGD on freshly drawn labels. */
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

    /**
     * Returns the end point of the flow, by fourth-order Runge-Kutta steps, each projected back
     * onto the minimisers.
     */
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

    /**
     * Returns the intercept of the weighted least-squares line through the rates' means, with its
     * standard error.
     */
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
