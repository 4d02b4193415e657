package basin.evaluator.protocol;

/**
 * A matrix of features, float32, one example a row, or some consecutive rows of it; the numbers are shared and not to be
 * changed. Thread-safe for reading.
 *
 * @param values all numbers of the matrix that these rows belong to, row-major; row {@code i} begins at {@link #offset}
 * @param first the row of the matrix that is row 0 of these
 */
@SuppressWarnings("ArrayRecordComponent") // Read in the innermost loops.
record Features(float[] values, int columns, int first, int rows) {
    /**
     * All rows.
     *
     * @param values row-major, {@code values.length / columns} rows
     */
    static Features of(float[] values, int columns) {
        if (columns < 1 || values.length % columns != 0) {
            throw new IllegalArgumentException(
                    "columns is " + columns + ": give a divisor of the " + values.length + " numbers.");
        }
        return new Features(values, columns, 0, values.length / columns);
    }

    /** Rows {@code from} to {@code to}, exclusive, of these. */
    Features rows(int from, int to) {
        if (from < 0 || to < from || to > rows) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + to + " of " + rows);
        }
        return new Features(values, columns, first + from, to - from);
    }

    /** Where row {@code i} begins. */
    int offset(int i) {
        return (first + i) * columns;
    }
}
