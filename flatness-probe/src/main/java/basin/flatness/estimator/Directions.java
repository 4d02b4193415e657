package basin.flatness.estimator;

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

    /** ‖x‖². */
    static double squaredNorm(double[] x) {
        return Orthonormal.dot(x, x);
    }
}
