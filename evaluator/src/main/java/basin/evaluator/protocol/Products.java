package basin.evaluator.protocol;

/**
 * The two inner loops of a linear classifier, in single precision and fixed order, written so that
 * the JIT optimises them well.
 */
final class Products {
    private Products() {}

    /**
     * Computes all inner products of two vectors of {@code x} with two of {@code w}.
     *
     * @param xi index in {@code x} at which the first vector begins, and likewise for {@code xj},
     *     {@code wc} and {@code wd}
     * @param products filled with x_i·w_c, x_i·w_d, x_j·w_c, x_j·w_d
     */
    static void twoByTwo(float[] x, int xi, int xj, float[] w, int wc, int wd, int length, float[] products) {
        // Eight independent sums, separate for even and odd indices, hide the latency of additions.
        float ic = 0;
        float id = 0;
        float jc = 0;
        float jd = 0;
        float icOdd = 0;
        float idOdd = 0;
        float jcOdd = 0;
        float jdOdd = 0;
        int even = length & ~1;
        for (int f = 0; f < even; f += 2) {
            float p = x[xi + f];
            float q = x[xj + f];
            float u = w[wc + f];
            float v = w[wd + f];
            ic += p * u;
            id += p * v;
            jc += q * u;
            jd += q * v;
            p = x[xi + f + 1];
            q = x[xj + f + 1];
            u = w[wc + f + 1];
            v = w[wd + f + 1];
            icOdd += p * u;
            idOdd += p * v;
            jcOdd += q * u;
            jdOdd += q * v;
        }
        if (even < length) {
            ic += x[xi + even] * w[wc + even];
            id += x[xi + even] * w[wd + even];
            jc += x[xj + even] * w[wc + even];
            jd += x[xj + even] * w[wd + even];
        }
        products[0] = ic + icOdd;
        products[1] = id + idOdd;
        products[2] = jc + jcOdd;
        products[3] = jd + jdOdd;
    }

    /**
     * Adds Σ_i errors[i·stride + column]·x_{rows[i]} to a part of {@code sum}.
     *
     * @param at index at which that part begins
     */
    static void addCombination(
            Features features, int[] rows, float[] errors, int column, int stride, float[] sum, int at) {
        int i = 0;
        for (; i + 3 < rows.length; i += 4) {
            int k = i * stride + column;
            addFour(
                    sum,
                    at,
                    features,
                    rows,
                    i,
                    errors[k],
                    errors[k + stride],
                    errors[k + 2 * stride],
                    errors[k + 3 * stride]);
        }
        float[] x = features.values();
        for (; i < rows.length; i++) {
            float weight = errors[i * stride + column];
            int own = features.offset(rows[i]);
            for (int f = 0; f < features.columns(); f++) {
                sum[at + f] += weight * x[own + f];
            }
        }
    }

    private static void addFour(
            float[] sum, int at, Features features, int[] rows, int i, float da, float db, float dc, float dd) {
        float[] x = features.values();
        int a = features.offset(rows[i]);
        int b = features.offset(rows[i + 1]);
        int c = features.offset(rows[i + 2]);
        int d = features.offset(rows[i + 3]);
        int columns = features.columns();
        for (int f = 0; f < columns; f++) {
            sum[at + f] += (da * x[a + f] + db * x[b + f]) + (dc * x[c + f] + dd * x[d + f]);
        }
    }
}
