package basin.evaluator.protocol;

import basin.study.Seeds;

/**
 * A random projection of features to fewer (or more) dimensions, the same for all networks of a
 * width. Its entries are independent normal draws of variance 1 / {@code columns}. Features of unit
 * variance therefore keep it at every width, and the learning rate has the same meaning. Immutable;
 * thread-safe.
 *
 * @param columns input dimensions
 * @param dimensions output dimensions
 * @param matrix [columns, dimensions], row-major
 */
@SuppressWarnings("ArrayRecordComponent") // Read in inner loops.
record Projection(int columns, int dimensions, float[] matrix) {
    /** Returns the projection determined by a seed. */
    static Projection of(int columns, int dimensions, long seed) {
        float[] matrix = new float[Math.multiplyExact(columns, dimensions)];
        double[] draws = new double[matrix.length];
        Seeds.gaussian(Seeds.generator(seed, "probe/projection", columns, dimensions), draws);
        double scale = 1 / Math.sqrt((double) columns);
        for (int i = 0; i < draws.length; i++) {
            matrix[i] = (float) (scale * draws[i]);
        }
        return new Projection(columns, dimensions, matrix);
    }

    /**
     * Adds to {@code to[at ..]} the projection x·P of the row x that begins at {@code from[begin]}.
     */
    void project(float[] from, int begin, float[] to, int at) {
        for (int row = 0; row < columns; row++) {
            float x = from[begin + row];
            int own = row * dimensions;
            for (int k = 0; k < dimensions; k++) {
                to[at + k] += x * matrix[own + k];
            }
        }
    }
}
