package basin.flatness.estimator;

import basin.network.Parameter;

/** Directions in the space of parameters. */
final class Directions {
    private Directions() {}

    /** |θ|, entry by entry. */
    static double[] magnitudes(double[] theta) {
        double[] magnitudes = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            magnitudes[i] = Math.abs(theta[i]);
        }
        return magnitudes;
    }

    /** Signs times scales, entry by entry. */
    static double[] scaled(double[] signs, double[] scale) {
        double[] direction = new double[signs.length];
        for (int i = 0; i < signs.length; i++) {
            direction[i] = signs[i] * scale[i];
        }
        return direction;
    }

    /** ‖x‖² over one tensor's entries alone. */
    static double squaredNorm(double[] x, Parameter tensor) {
        return Orthonormal.dot(x, x, tensor.offset(), tensor.end());
    }

    /** ‖x‖². */
    static double squaredNorm(double[] x) {
        return Orthonormal.dot(x, x);
    }
}
