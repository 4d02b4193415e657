package basin.flatness.theory;

import org.hipparchus.util.FastMath;

/**
 * A model of one coin whose log odds are a function of several parameters. The loss is minimal
 * where f(θ) = ln(p/(1 − p)), which is a surface of codimension one. On it the Hessian of the loss
 * is p(1 − p)∇f∇f', so its trace varies over the surface while the loss does not. Immutable;
 * thread-safe.
 */
public enum Logit {
    /** The model f = ab of two parameters, whose minimisers form a hyperbola. */
    PRODUCT("two parameters, f = ab", 2) {
        @Override
        double valueAndGradient(double[] theta, double[] gradient) {
            gradient[0] = theta[1];
            gradient[1] = theta[0];
            return theta[0] * theta[1];
        }

        @Override
        double[] curvatureTimes(double[] theta, double[] v) {
            return new double[] {v[1], v[0]};
        }

        @Override
        double laplacian(double[] theta) {
            return 0;
        }

        @Override
        double[] beginning() {
            return new double[] {2, 1};
        }
    },

    /** The model f = Σ aⱼ tanh bⱼ, a network of three hidden units. */
    NETWORK("a network of three hidden units, f = Σ a tanh b", 6) {
        @Override
        double valueAndGradient(double[] theta, double[] gradient) {
            double sum = 0;
            for (int unit = 0; unit < theta.length; unit += 2) {
                double tanh = FastMath.tanh(theta[unit + 1]);
                gradient[unit] = tanh;
                gradient[unit + 1] = theta[unit] * (1 - tanh * tanh);
                sum += theta[unit] * tanh;
            }
            return sum;
        }

        @Override
        double[] curvatureTimes(double[] theta, double[] v) {
            double[] product = new double[theta.length];
            for (int unit = 0; unit < theta.length; unit += 2) {
                double tanh = FastMath.tanh(theta[unit + 1]);
                double slope = 1 - tanh * tanh;
                product[unit] = slope * v[unit + 1];
                product[unit + 1] = slope * v[unit] - 2 * theta[unit] * tanh * slope * v[unit + 1];
            }
            return product;
        }

        @Override
        double laplacian(double[] theta) {
            double sum = 0;
            for (int unit = 0; unit < theta.length; unit += 2) {
                double tanh = FastMath.tanh(theta[unit + 1]);
                sum -= 2 * theta[unit] * tanh * (1 - tanh * tanh);
            }
            return sum;
        }

        @Override
        double[] beginning() {
            return new double[] {2, 0.3, 1.2, 0.2, -0.8, 0.25};
        }
    };

    /** The probability P(y = 1). */
    static final double PROBABILITY = 0.7;

    private static final double VARIANCE = PROBABILITY * (1 - PROBABILITY);
    private static final double LOG_ODDS = FastMath.log(PROBABILITY / (1 - PROBABILITY));
    private static final int MAX_STEPS = 50;

    private final String description;
    private final int parameters;

    Logit(String description, int parameters) {
        this.description = description;
        this.parameters = parameters;
    }

    /** Returns a description of the model. */
    public String description() {
        return description;
    }

    /** Returns the length of θ. */
    public int parameters() {
        return parameters;
    }

    /** Returns f and writes ∇f to {@code gradient}. */
    abstract double valueAndGradient(double[] theta, double[] gradient);

    final double value(double[] theta) {
        return valueAndGradient(theta, new double[theta.length]);
    }

    final double[] gradient(double[] theta) {
        double[] gradient = new double[theta.length];
        double _ = valueAndGradient(theta, gradient);
        return gradient;
    }

    /** Returns ∇²f·v. */
    abstract double[] curvatureTimes(double[] theta, double[] v);

    /** Returns tr ∇²f. */
    abstract double laplacian(double[] theta);

    /** Returns a point near the minimisers. */
    abstract double[] beginning();

    /** Returns the minimiser at which a chain and the flow start. */
    final double[] start() {
        return onSurface(beginning());
    }

    /** Returns tr ∇²L of the population's loss, in nats. */
    final double trace(double[] theta) {
        double predicted = sigmoid(value(theta));
        return predicted * (1 - predicted) * squaredNorm(gradient(theta))
                + (predicted - PROBABILITY) * laplacian(theta);
    }

    /**
     * Returns the velocity of SGD's drift along the minimisers: −(1/4B)∇tr ∇²L projected onto the
     * surface, in time measured as steps·η² (paper: "implicit bias of mini-batch SGD").
     */
    final double[] drift(double[] theta, int batch) {
        double[] normal = gradient(theta);
        double[] slope = curvatureTimes(theta, normal);
        double length = squaredNorm(normal);
        double along = 0;
        for (int i = 0; i < normal.length; i++) {
            along += normal[i] * slope[i];
        }
        for (int i = 0; i < slope.length; i++) {
            slope[i] = -2 * VARIANCE * (slope[i] - along / length * normal[i]) / (4 * batch);
        }
        return slope;
    }

    /** Returns the nearest minimiser along ∇f, by Newton's method. */
    final double[] onSurface(double[] theta) {
        double[] place = theta.clone();
        for (int step = 0; step < MAX_STEPS; step++) {
            double off = value(place) - LOG_ODDS;
            if (FastMath.abs(off) < 1e-14) {
                return place;
            }
            double[] normal = gradient(place);
            double scale = off / squaredNorm(normal);
            for (int i = 0; i < place.length; i++) {
                place[i] -= scale * normal[i];
            }
        }
        return place;
    }

    static double sigmoid(double logit) {
        return 1 / (1 + FastMath.exp(-logit));
    }

    private static double squaredNorm(double[] v) {
        double sum = 0;
        for (double one : v) {
            sum += one * one;
        }
        return sum;
    }
}
