package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.network.EncoderShape;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The surface of a tiny network with tabulated Hessian and Jacobian of every context of its
 * language. It is the same function as the engine's surface, computed from full matrices instead of
 * products, and fast enough for a thousand repetitions.
 */
final class TabulatedSurface implements LossSurface {
    private final double[] theta;
    private final List<Parameter> tensors;
    private final Map<List<Integer>, Curvature> contexts = new HashMap<>();
    /**
     * v'Hv of each context for the latest direction v, cached because finite differences need it
     * twice.
     */
    private final Map<Curvature, Double> forms = new HashMap<>();

    private double[] newest = new double[0];

    /** The tabulated derivatives of one context. */
    private static final class Curvature {
        /** All second derivatives, row by row. */
        private final double[][] hessian;

        /** Jacobian of the scores, [vocabulary, parameters]. */
        private final double[][] jacobian;

        private final double[] prediction;
        private final double[] squaredNorms;
        private final double[][] scores;

        /** Inner products of the scores' gradients ∇ log p(y). */
        private final double[][] products;

        Curvature(double[][] hessian, double[][] jacobian, double[] prediction) {
            this.hessian = hessian;
            this.jacobian = jacobian;
            this.prediction = prediction;
            this.squaredNorms = new double[prediction.length];
            this.products = new double[prediction.length][prediction.length];
            this.scores = new double[prediction.length][];
            for (int token = 0; token < prediction.length; token++) {
                scores[token] = score(token);
            }
            for (int one = 0; one < prediction.length; one++) {
                double[] first = scores[one];
                for (int other = 0; other < prediction.length; other++) {
                    double[] second = scores[other];
                    for (int i = 0; i < first.length; i++) {
                        products[one][other] += first[i] * second[i];
                    }
                }
            }
            for (int token = 0; token < prediction.length; token++) {
                squaredNorms[token] =
                        Arrays.stream(scores[token]).map(entry -> entry * entry).sum();
            }
        }

        /** Returns ∇ log p(y). */
        private double[] score(int token) {
            double[] score = jacobian[token].clone();
            for (int y = 0; y < prediction.length; y++) {
                for (int i = 0; i < score.length; i++) {
                    score[i] -= prediction[y] * jacobian[y][i];
                }
            }
            return score;
        }

        double squaredNorm(int token) {
            return squaredNorms[token];
        }

        double fisherTrace() {
            double sum = 0;
            for (int token = 0; token < prediction.length; token++) {
                sum += prediction[token] * squaredNorm(token);
            }
            return sum;
        }
    }

    /**
     * Tabulates a surface.
     *
     * @param network network of the surface, in float64
     * @param everything all contexts of the language
     */
    TabulatedSurface(LossSurface surface, Network network, TokenBatch everything) {
        this.theta = Vectors.array(surface.theta());
        this.tensors = surface.tensors();
        for (int example = 0; example < everything.size(); example++) {
            TokenBatch one = everything.part(example, example + 1);
            contexts.computeIfAbsent(context(one, 0), context -> tabulated(surface, network, one));
        }
    }

    private static Curvature tabulated(LossSurface surface, Network network, TokenBatch one) {
        double[][] hessian = Vectors.hessian(surface, one);
        double[] theta = Vectors.array(surface.theta());
        double[] logits = logits(network, theta, one);
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        double[] prediction = Arrays.stream(logits).map(z -> Math.exp(z) / sum).toArray();
        return new Curvature(hessian, jacobian(network, theta, one), prediction);
    }

    /** Returns the scores of one example. */
    private static double[] logits(Network network, double[] theta, TokenBatch one) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return network.logits(scope.create(theta), one).toDoubleArray();
            }
        });
    }

    /**
     * Returns the gradient of every score of one example, from one backward pass each: [vocabulary,
     * parameters].
     */
    private static double[][] jacobian(Network network, double[] theta, TokenBatch one) {
        double[][] rows = new double[network.vocabulary()][];
        for (int row = 0; row < rows.length; row++) {
            int token = row;
            rows[row] = Torch.recording(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray leaf = Torch.leaf(scope.create(theta));
                    NDArray logits = network.logits(leaf, one);
                    return Torch.gradient(logits.get(0).get(token), leaf).toDoubleArray();
                }
            });
        }
        return rows;
    }

    /** Returns the mean Hessian of a batch. */
    double[][] hessian(TokenBatch batch) {
        double[][] mean = new double[theta.length][theta.length];
        for (int example = 0; example < batch.size(); example++) {
            double[][] hessian = at(batch, example).hessian;
            for (int i = 0; i < mean.length; i++) {
                for (int j = 0; j < mean.length; j++) {
                    mean[i][j] += hessian[i][j] / batch.size();
                }
            }
        }
        return mean;
    }

    /** Returns Σ_y p(y) ‖∇ log p(y)‖², averaged over a batch. */
    double fisherTrace(TokenBatch batch) {
        double sum = 0;
        for (int example = 0; example < batch.size(); example++) {
            sum += at(batch, example).fisherTrace();
        }
        return sum / batch.size();
    }

    /** Returns Σ_y p(y) (∂ log p(y)/∂θ_i)² for every i, averaged over a batch. */
    double[] fisherDiagonal(TokenBatch batch) {
        double[] diagonal = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            Curvature curvature = at(batch, example);
            for (int y = 0; y < curvature.prediction.length; y++) {
                double[] score = curvature.score(y);
                for (int i = 0; i < diagonal.length; i++) {
                    diagonal[i] += curvature.prediction[y] * score[i] * score[i] / batch.size();
                }
            }
        }
        return diagonal;
    }

    /** Returns Σ_y p*(y) ‖∇ log p(y)‖², averaged over a batch. */
    double dataFisherTrace(TokenBatch batch) {
        double sum = 0;
        for (int example = 0; example < batch.size(); example++) {
            double[] target = batch.targetOf(example);
            for (int word = 0; word < target.length; word++) {
                sum += target[word] * at(batch, example).squaredNorm(EncoderShape.FIRST_WORD + word);
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

    @Override
    public double[] gradientNorms(TokenBatch batch, OutputProbe probe) {
        double[] norms = new double[batch.size()];
        for (int example = 0; example < norms.length; example++) {
            Curvature curvature = at(batch, example);
            double[] row = row(batch, example, probe);
            for (int one = 0; one < row.length; one++) {
                for (int other = 0; other < row.length; other++) {
                    norms[example] += row[one] * curvature.products[one][other] * row[other];
                }
            }
        }
        return norms;
    }

    @Override
    public List<Parameter> tensors() {
        return tensors;
    }

    @Override
    public double[][] gradientNormsOfTensors(TokenBatch batch, OutputProbe probe) {
        double[][] norms = new double[tensors.size()][batch.size()];
        for (int example = 0; example < batch.size(); example++) {
            double[] gradient = new double[theta.length];
            double[] row = row(batch, example, probe);
            double[][] scores = at(batch, example).scores;
            for (int y = 0; y < row.length; y++) {
                if (row[y] != 0) {
                    double[] score = scores[y];
                    for (int i = 0; i < gradient.length; i++) {
                        gradient[i] += row[y] * score[i];
                    }
                }
            }
            for (int tensor = 0; tensor < norms.length; tensor++) {
                norms[tensor][example] = Vectors.squaredNorm(gradient, tensors.get(tensor));
            }
        }
        return norms;
    }

    /** Returns J'(p − p*). */
    @Override
    public ParameterVector gradient(TokenBatch batch, Arena memory) {
        double[] gradient = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            Curvature curvature = at(batch, example);
            double[] error = curvature.prediction.clone();
            double[] target = batch.targetOf(example);
            for (int word = 0; word < target.length; word++) {
                error[EncoderShape.FIRST_WORD + word] -= target[word];
            }
            for (int y = 0; y < error.length; y++) {
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += error[y] * curvature.jacobian[y][i] / batch.size();
                }
            }
        }
        return Vectors.of(gradient);
    }

    @Override
    public double joinedGradientNorm(TokenBatch batch, OutputProbe probe) {
        double[] sum = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            Curvature curvature = at(batch, example);
            double[] row = row(batch, example, probe);
            for (int y = 0; y < row.length; y++) {
                double[] score = curvature.scores[y];
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += row[y] * score[i];
                }
            }
        }
        double norm = 0;
        for (double entry : sum) {
            norm += entry * entry;
        }
        return norm;
    }

    private double[] row(TokenBatch batch, int example, OutputProbe probe) {
        double[] prediction = at(batch, example).prediction;
        double[] target = new double[prediction.length];
        System.arraycopy(batch.targetOf(example), 0, target, EncoderShape.FIRST_WORD, batch.targetOf(example).length);
        return Vectors.row(probe, example, 0, prediction, target);
    }

    /**
     * Evaluates the quadratic model of the loss and the linear model of the scores, on which second
     * differences are exact at any distance.
     */
    private ScoredForward scored(TokenBatch batch, double[] direction, double step) {
        double[] losses = new double[batch.size()];
        double[][] scores = new double[batch.size()][];
        for (int example = 0; example < losses.length; example++) {
            Curvature curvature = at(batch, example);
            scores[example] = new double[curvature.prediction.length];
            for (int y = 0; y < scores[example].length; y++) {
                scores[example][y] = Math.log(curvature.prediction[y]);
                for (int i = 0; i < theta.length; i++) {
                    scores[example][y] += step * direction[i] * curvature.jacobian[y][i];
                }
            }
            losses[example] = step * step * form(curvature, direction) / 2;
        }
        return ScoredForward.of(batch, scores).withLosses(losses);
    }

    @Override
    public double[] losses(TokenBatch batch) {
        return new double[batch.size()];
    }

    @Override
    public double[] losses(TokenBatch batch, Direction direction, double step) {
        return scored(batch, Vectors.array(direction), step).losses();
    }

    @Override
    public Midpoint midpoint(TokenBatch batch) {
        return new ScoredMidpoint(batch, theta.length, this::scored);
    }

    private double form(Curvature curvature, double[] direction) {
        if (!Arrays.equals(direction, newest)) {
            newest = direction.clone();
            forms.clear();
        }
        return forms.computeIfAbsent(curvature, one -> {
            double form = 0;
            for (int i = 0; i < theta.length; i++) {
                if (direction[i] != 0) {
                    // The matrix is symmetric, so entries below the diagonal count twice.
                    double row = one.hessian[i][i] * direction[i] / 2;
                    for (int j = 0; j < i; j++) {
                        row += one.hessian[i][j] * direction[j];
                    }
                    form += 2 * direction[i] * row;
                }
            }
            return form;
        });
    }

    @Override
    public double precision() {
        return Math.ulp(1.0);
    }

    @Override
    public List<CurvatureProduct> products(TokenBatch batch, List<? extends Direction> directions, Arena memory) {
        List<double[]> vectors = directions.stream().map(Vectors::array).toList();
        double[][] products = new double[directions.size()][theta.length];
        double[] forms = new double[directions.size()];
        for (int example = 0; example < batch.size(); example++) {
            Curvature curvature = at(batch, example);
            for (int i = 0; i < theta.length; i++) {
                double[] row = curvature.hessian[i];
                // A row that has come from memory serves all directions.
                for (int one = 0; one < products.length; one++) {
                    double[] product = products[one];
                    double factor = vectors.get(one)[i] / batch.size();
                    for (int j = 0; j < product.length; j++) {
                        product[j] += factor * row[j];
                    }
                }
            }
            for (int one = 0; one < forms.length; one++) {
                forms[one] += variance(curvature, vectors.get(one)) / batch.size();
            }
        }
        return IntStream.range(0, forms.length)
                .mapToObj(one -> new CurvatureProduct(directions.get(one), Vectors.of(products[one]), forms[one]))
                .toList();
    }

    /** Returns Var_p(Jv). */
    private static double variance(Curvature curvature, double[] direction) {
        double mean = 0;
        double square = 0;
        for (int token = 0; token < curvature.prediction.length; token++) {
            double change = 0;
            for (int i = 0; i < direction.length; i++) {
                change += curvature.jacobian[token][i] * direction[i];
            }
            mean += curvature.prediction[token] * change;
            square += curvature.prediction[token] * change * change;
        }
        return square - mean * mean;
    }

    private Curvature at(TokenBatch batch, int example) {
        return Objects.requireNonNull(contexts.get(context(batch, example)));
    }

    /** Returns the network's input. */
    private static List<Integer> context(TokenBatch batch, int example) {
        return Arrays.stream(batch.sequence(example)).boxed().toList();
    }
}
