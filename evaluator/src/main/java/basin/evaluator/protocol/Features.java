package basin.evaluator.protocol;

/**
 * A float32 matrix of features with one example per row, or a contiguous range of its rows. The
 * values are shared and not to be modified. Thread-safe for reading.
 *
 * @param values all values of the underlying matrix, row-major; row {@code i} begins at {@link
 *     #offset}
 * @param columns features per example
 * @param first row of the underlying matrix that is row 0 here
 * @param rows number of rows
 */
@SuppressWarnings("ArrayRecordComponent") // Read in the innermost loops.
record Features(float[] values, int columns, int first, int rows) {
    /**
     * Returns all rows of a matrix.
     *
     * @param values row-major, {@code values.length / columns} rows
     * @throws IllegalArgumentException if {@code columns} does not divide the number of values
     */
    static Features of(float[] values, int columns) {
        if (columns < 1 || values.length % columns != 0) {
            throw new IllegalArgumentException(
                    "columns is " + columns + ": give a divisor of the " + values.length + " numbers.");
        }
        return new Features(values, columns, 0, values.length / columns);
    }

    /** Returns rows {@code from} to {@code to}, exclusive. */
    Features rows(int from, int to) {
        if (from < 0 || to < from || to > rows) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + to + " of " + rows);
        }
        return new Features(values, columns, first + from, to - from);
    }

    /** Returns the index in {@link #values} at which row {@code i} begins. */
    int offset(int i) {
        return (first + i) * columns;
    }
}
