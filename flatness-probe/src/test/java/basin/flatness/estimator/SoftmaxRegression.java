package basin.flatness.estimator;

import basin.network.EncoderShape;
import basin.network.Parameter;
import basin.network.TokenBatch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Softmax regression on the other words of the sentence, with one weight per (position, word,
 * predicted word). Its logits are linear in θ, so H = F = mean ‖x‖² (diag p − pp') has a closed
 * form, implemented here without autograd.
 */
final class SoftmaxRegression implements LossSurface {
    private final int words;
    private final double[] theta;

    SoftmaxRegression(int words, double[] theta) {
        this.words = words;
        this.theta = theta.clone();
    }

    /** Returns tr H = tr F = mean ‖x‖² Σ p(1 − p). */
    double trace(TokenBatch batch) {
        double sum = 0;
        for (int example = 0; example < batch.size(); example++) {
            double[] p = prediction(batch, example);
            for (double each : p) {
                sum += (batch.lengthOf(example) - 2) * each * (1 - each);
            }
        }
        return sum / batch.size();
    }

    /** Returns the diagonal H_ii = F_ii = mean x_f p_k (1 − p_k). */
    double[] diagonal(TokenBatch batch) {
        double[] diagonal = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            double[] p = prediction(batch, example);
            for (int row : features(batch, example)) {
                for (int k = 0; k < words; k++) {
                    diagonal[row * words + k] += p[k] * (1 - p[k]) / batch.size();
                }
            }
        }
        return diagonal;
    }

    /** Returns tr(|θ| H |θ|) = mean Σ_f x_f Σ_k θ_fk² p_k (1 − p_k). */
    double adaptiveTrace(TokenBatch batch) {
        double sum = 0;
        for (int example = 0; example < batch.size(); example++) {
            double[] p = prediction(batch, example);
            for (int row : features(batch, example)) {
                for (int k = 0; k < words; k++) {
                    double weight = theta[row * words + k];
                    sum += weight * weight * p[k] * (1 - p[k]);
                }
            }
        }
        return sum / batch.size();
    }

    @Override
    public int parameters() {
        return theta.length;
    }

    @Override
    public Direction theta() {
        return Vectors.of(theta);
    }

    /** Returns the mean of ‖x‖² Σ_y p*(y) ‖p − e_y‖². */
    double dataFisherTrace(TokenBatch batch) {
        double sum = 0;
        for (int example = 0; example < batch.size(); example++) {
            double[] p = prediction(batch, example);
            double[] target = batch.targetOf(example);
            for (int label = 0; label < words; label++) {
                for (int k = 0; k < words; k++) {
                    double error = p[k] - (k == label ? 1 : 0);
                    sum += (batch.lengthOf(example) - 2) * target[label] * error * error;
                }
            }
        }
        return sum / batch.size();
    }

    @Override
    public double[] gradientNorms(TokenBatch batch, OutputProbe probe) {
        double[] norms = new double[batch.size()];
        for (int example = 0; example < norms.length; example++) {
            for (double error : errors(batch, example, probe)) {
                norms[example] += (batch.lengthOf(example) - 2) * error * error;
            }
        }
        return norms;
    }

    /** Returns one tensor for each position of the sentence. */
    @Override
    public List<Parameter> tensors() {
        List<Parameter> tensors = new ArrayList<>();
        for (int from = 0; from < theta.length; from += words * words) {
            tensors.add(new Parameter("position." + tensors.size(), new long[] {words, words}, from, true));
        }
        return tensors;
    }

    @Override
    public double[][] gradientNormsOfTensors(TokenBatch batch, OutputProbe probe) {
        double[] norms = gradientNorms(batch, probe);
        double[][] shares = new double[tensors().size()][batch.size()];
        for (int example = 0; example < norms.length; example++) {
            // Every active feature has the same gradient.
            int[] rows = features(batch, example);
            for (int row : rows) {
                shares[row / words][example] += norms[example] / rows.length;
            }
        }
        return shares;
    }

    @Override
    public ParameterVector gradient(TokenBatch batch, Arena memory) {
        double[] gradient = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            double[] p = prediction(batch, example);
            for (int row : features(batch, example)) {
                for (int k = 0; k < words; k++) {
                    gradient[row * words + k] += (p[k] - batch.targetOf(example)[k]) / batch.size();
                }
            }
        }
        return Vectors.of(gradient);
    }

    @Override
    public double joinedGradientNorm(TokenBatch batch, OutputProbe probe) {
        double[] sum = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            double[] errors = errors(batch, example, probe);
            for (int row : features(batch, example)) {
                for (int k = 0; k < words; k++) {
                    sum[row * words + k] += errors[k];
                }
            }
        }
        double norm = 0;
        for (double entry : sum) {
            norm += entry * entry;
        }
        return norm;
    }

    /** Returns p·Σr − r. */
    private double[] errors(TokenBatch batch, int example, OutputProbe probe) {
        double[] p = prediction(batch, example);
        double[] row = Vectors.row(probe, example, 0, p, batch.targetOf(example));
        double sum = 0;
        for (double entry : row) {
            sum += entry;
        }
        for (int k = 0; k < words; k++) {
            row[k] = p[k] * sum - row[k];
        }
        return row;
    }

    @Override
    public List<CurvatureProduct> products(TokenBatch batch, List<? extends Direction> directions, Arena memory) {
        List<CurvatureProduct> products = new ArrayList<>();
        for (Direction along : directions) {
            double[] direction = Vectors.array(along);
            double[] product = new double[theta.length];
            double form = 0;
            for (int example = 0; example < batch.size(); example++) {
                double[] p = prediction(batch, example);
                int[] rows = features(batch, example);
                double[] moved = new double[words];
                for (int row : rows) {
                    for (int k = 0; k < words; k++) {
                        moved[k] += direction[row * words + k];
                    }
                }
                double mean = 0;
                for (int k = 0; k < words; k++) {
                    mean += p[k] * moved[k];
                }
                for (int k = 0; k < words; k++) {
                    double change = p[k] * (moved[k] - mean) / batch.size();
                    form += moved[k] * change;
                    for (int row : rows) {
                        product[row * words + k] += change;
                    }
                }
            }
            products.add(new CurvatureProduct(along, Vectors.of(product), form));
        }
        return products;
    }

    @Override
    public double[] losses(TokenBatch batch) {
        return scored(batch, new double[theta.length], 0).losses();
    }

    @Override
    public double[] losses(TokenBatch batch, Direction direction, double step) {
        return scored(batch, Vectors.array(direction), step).losses();
    }

    @Override
    public Midpoint midpoint(TokenBatch batch) {
        return new ScoredMidpoint(batch, theta.length, this::scored);
    }

    private ScoredForward scored(TokenBatch batch, double[] direction, double step) {
        double[] displaced = theta.clone();
        for (int i = 0; i < displaced.length; i++) {
            displaced[i] += step * direction[i];
        }
        SoftmaxRegression there = new SoftmaxRegression(words, displaced);
        double[][] scores = new double[batch.size()][];
        for (int example = 0; example < scores.length; example++) {
            // The special tokens before the words have probability zero.
            scores[example] = new double[EncoderShape.FIRST_WORD + words];
            Arrays.fill(scores[example], 0, EncoderShape.FIRST_WORD, -1e9);
            System.arraycopy(there.scores(batch, example), 0, scores[example], EncoderShape.FIRST_WORD, words);
        }
        return ScoredForward.of(batch, scores);
    }

    @Override
    public double precision() {
        return Math.ulp(1.0);
    }

    private double[] scores(TokenBatch batch, int example) {
        double[] scores = new double[words];
        for (int row : features(batch, example)) {
            for (int k = 0; k < words; k++) {
                scores[k] += theta[row * words + k];
            }
        }
        return scores;
    }

    private double[] prediction(TokenBatch batch, int example) {
        double[] p = scores(batch, example);
        double sum = 0;
        for (int k = 0; k < words; k++) {
            p[k] = Math.exp(p[k]);
            sum += p[k];
        }
        for (int k = 0; k < words; k++) {
            p[k] /= sum;
        }
        return p;
    }

    private int[] features(TokenBatch batch, int example) {
        int[] sequence = batch.sequence(example);
        int[] rows = new int[sequence.length - 2];
        int next = 0;
        for (int place = 1; place < sequence.length; place++) {
            if (place != batch.placeOf(example)) {
                rows[next++] = (place - 1) * words + sequence[place] - EncoderShape.FIRST_WORD;
            }
        }
        return rows;
    }
}
