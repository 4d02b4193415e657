package basin.flatness.estimator;

import basin.network.Parameter;

/** Operations on directions in parameter space. */
final class Directions {
    private Directions() {}

    /** Returns |θ|, elementwise. */
    static double[] magnitudes(double[] theta) {
        double[] magnitudes = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            magnitudes[i] = Math.abs(theta[i]);
        }
        return magnitudes;
    }

    /** Returns the elementwise product of signs and scales. */
    static double[] scaled(double[] signs, double[] scale) {
        double[] direction = new double[signs.length];
        for (int i = 0; i < signs.length; i++) {
            direction[i] = signs[i] * scale[i];
        }
        return direction;
    }

    /** Returns ‖x‖² over one tensor's entries. */
    static double squaredNorm(double[] x, Parameter tensor) {
        return Orthonormal.dot(x, x, tensor.offset(), tensor.end());
    }

    /** Returns ‖x‖². */
    static double squaredNorm(double[] x) {
        return Orthonormal.dot(x, x);
    }
}
