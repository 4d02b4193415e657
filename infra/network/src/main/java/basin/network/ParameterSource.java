package basin.network;

/**
 * The numbers of a flat parameter vector, wherever they are, read in pieces. Thread-safe if nothing
 * changes the numbers.
 */
public interface ParameterSource {
    /** Returns the number of parameters. */
    int size();

    /**
     * Reads consecutive numbers.
     *
     * @param from index of the first one
     * @param into receives them from its first place on
     * @param count how many
     */
    void read(int from, double[] into, int count);

    /** Reads every number once, and returns their Euclidean norm. */
    default double norm() {
        double[] numbers = new double[Math.min(1 << 17, size())];
        double squares = 0;
        for (int from = 0; from < size(); from += numbers.length) {
            int count = Math.min(numbers.length, size() - from);
            read(from, numbers, count);
            for (int i = 0; i < count; i++) {
                squares += numbers[i] * numbers[i];
            }
        }
        return Math.sqrt(squares);
    }

    /** Returns numbers in an array, which is not copied and must not be changed. */
    static ParameterSource of(double[] numbers) {
        return new ParameterSource() {
            @Override
            public int size() {
                return numbers.length;
            }

            @Override
            public void read(int from, double[] into, int count) {
                System.arraycopy(numbers, from, into, 0, count);
            }
        };
    }

    /** Returns numbers in an array, which is not copied and must not be changed. */
    static ParameterSource of(float[] numbers) {
        return new ParameterSource() {
            @Override
            public int size() {
                return numbers.length;
            }

            @Override
            public void read(int from, double[] into, int count) {
                for (int i = 0; i < count; i++) {
                    into[i] = numbers[from + i];
                }
            }
        };
    }
}
