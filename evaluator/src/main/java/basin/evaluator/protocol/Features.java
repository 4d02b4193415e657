package basin.evaluator.protocol;

/**
 * A matrix of features, float32, one example a row, or some consecutive rows of it; the numbers are shared and not to be
 * changed. Thread-safe for reading.
 */
final class Features {
    private final float[] values;
    private final int columns;
    private final int first;
    private final int rows;

    private Features(float[] values, int columns, int first, int rows) {
        this.values = values;
        this.columns = columns;
        this.first = first;
        this.rows = rows;
    }

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

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** All numbers of the matrix that these rows belong to; row {@code i} begins at {@link #offset}. */
    @SuppressWarnings("EI_EXPOSE_REP") // Read in the innermost loops.
    float[] values() {
        return values;
    }

    /** Where row {@code i} begins. */
    int offset(int i) {
        return (first + i) * columns;
    }
}
