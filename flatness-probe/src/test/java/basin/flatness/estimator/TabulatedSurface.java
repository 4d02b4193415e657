package basin.flatness.estimator;

import basin.lm.network.EncoderShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The tiny encoder's surface with the Hessian and the Jacobian of every context of its language written out: the same function
 * as the engine's, from whole matrices instead of products, and fast enough for a thousand repetitions.
 */
final class TabulatedSurface implements LossSurface {
    private final double[] theta;
    private final List<Block> blocks;
    private final Map<List<Integer>, Curvature> contexts = new HashMap<>();
    /** v'Hv of each context for the newest direction v: differences ask for it twice. */
    private final Map<Curvature, Double> forms = new HashMap<>();

    private double[] newest = new double[0];

    /** What there is to know of one context. */
    private static final class Curvature {
        /** Every second derivative, row after row. */
        private final double[][] hessian;

        /** Vocabulary × parameters. */
        private final double[][] jacobian;

        private final double[] prediction;
        private final double[] squaredNorms;

        /** ‖∇ log p(y)‖² over each block's entries, y × block. */
        private final double[][] blockNorms;

        /** Products of the scores' gradients ∇ log p(y) with each other. */
        private final double[][] products;

        Curvature(double[][] hessian, double[][] jacobian, double[] prediction, List<Block> blocks) {
            this.blockNorms = new double[prediction.length][blocks.size()];
            this.hessian = hessian;
            this.jacobian = jacobian;
            this.prediction = prediction;
            this.squaredNorms = new double[prediction.length];
            this.products = new double[prediction.length][prediction.length];
            for (int one = 0; one < prediction.length; one++) {
                double[] first = score(one);
                for (int other = 0; other < prediction.length; other++) {
                    double[] second = score(other);
                    for (int i = 0; i < first.length; i++) {
                        products[one][other] += first[i] * second[i];
                    }
                }
            }
            for (int token = 0; token < prediction.length; token++) {
                double[] score = score(token);
                squaredNorms[token] =
                        Arrays.stream(score).map(entry -> entry * entry).sum();
                for (int block = 0; block < blocks.size(); block++) {
                    blockNorms[token][block] = blocks.get(block).squaredNorm(score);
                }
            }
        }

        /** ∇ log p(y). */
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

    TabulatedSurface(LossSurface surface, MaskedBatch everything) {
        this.theta = surface.theta();
        this.blocks = surface.blocks();
        for (int example = 0; example < everything.size(); example++) {
            MaskedBatch one = everything.part(example, example + 1);
            contexts.computeIfAbsent(context(one, 0), context -> tabulated(surface, one));
        }
    }

    private static Curvature tabulated(LossSurface surface, MaskedBatch one) {
        double[][] hessian = surface.products(one, units(surface.parameters())).stream()
                .map(CurvatureProduct::hessianProduct)
                .toArray(double[][]::new);
        double[] logits = TinyEncoder.logits(one);
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        double[] prediction = Arrays.stream(logits).map(z -> Math.exp(z) / sum).toArray();
        return new Curvature(hessian, TinyEncoder.jacobian(one), prediction, surface.blocks());
    }

    private static List<double[]> units(int parameters) {
        List<double[]> units = new ArrayList<>();
        for (int i = 0; i < parameters; i++) {
            double[] unit = new double[parameters];
            unit[i] = 1;
            units.add(unit);
        }
        return units;
    }

    /** The mean Hessian of a batch. */
    double[][] hessian(MaskedBatch batch) {
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

    /** Σ_y p(y) ‖∇ log p(y)‖², averaged over a batch. */
    double fisherTrace(MaskedBatch batch) {
        double sum = 0;
        for (int example = 0; example < batch.size(); example++) {
            sum += at(batch, example).fisherTrace();
        }
        return sum / batch.size();
    }

    /** Σ_y p(y) (∂ log p(y)/∂θ_i)² for every i, averaged over a batch. */
    double[] fisherDiagonal(MaskedBatch batch) {
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

    @Override
    public int parameters() {
        return theta.length;
    }

    @Override
    public double[] theta() {
        return theta.clone();
    }

    @Override
    public double[] sampledGradientNorms(MaskedBatch batch, double[] uniforms) {
        double[] norms = new double[batch.size()];
        for (int example = 0; example < norms.length; example++) {
            Curvature curvature = at(batch, example);
            norms[example] = curvature.squaredNorm(Draws.label(curvature.prediction, uniforms[example]));
        }
        return norms;
    }

    @Override
    public List<Block> blocks() {
        return blocks;
    }

    @Override
    public double[][] sampledGradientNormsOfBlocks(MaskedBatch batch, double[] uniforms) {
        double[][] norms = new double[blocks.size()][batch.size()];
        for (int example = 0; example < batch.size(); example++) {
            Curvature curvature = at(batch, example);
            double[] own = curvature.blockNorms[Draws.label(curvature.prediction, uniforms[example])];
            for (int block = 0; block < own.length; block++) {
                norms[block][example] = own[block];
            }
        }
        return norms;
    }

    /** J'(p − p*). */
    @Override
    public double[] gradient(MaskedBatch batch) {
        double[] gradient = new double[theta.length];
        for (int example = 0; example < batch.size(); example++) {
            Curvature curvature = at(batch, example);
            double[] error = curvature.prediction.clone();
            double[] target = batch.target(example);
            for (int word = 0; word < target.length; word++) {
                error[EncoderShape.FIRST_WORD + word] -= target[word];
            }
            for (int y = 0; y < error.length; y++) {
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += error[y] * curvature.jacobian[y][i] / batch.size();
                }
            }
        }
        return gradient;
    }

    @Override
    public double[] probedGradientNorms(MaskedBatch batch, OutputSigns signs) {
        double[] norms = new double[batch.size()];
        for (int example = 0; example < norms.length; example++) {
            Curvature curvature = at(batch, example);
            double[] probe = signs.of(example, curvature.prediction.length);
            for (int y = 0; y < probe.length; y++) {
                probe[y] *= Math.sqrt(curvature.prediction[y]);
            }
            for (int one = 0; one < probe.length; one++) {
                for (int other = 0; other < probe.length; other++) {
                    norms[example] += probe[one] * curvature.products[one][other] * probe[other];
                }
            }
        }
        return norms;
    }

    /** The quadratic and linear model of loss and scores: over it second differences are exact at any distance. */
    @Override
    public Outlook look(MaskedBatch batch, double[] direction, double step) {
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
        return new Outlook(losses, scores);
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
                    double row = 0;
                    for (int j = 0; j < theta.length; j++) {
                        row += one.hessian[i][j] * direction[j];
                    }
                    form += direction[i] * row;
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
    public List<CurvatureProduct> products(MaskedBatch batch, List<double[]> directions) {
        List<CurvatureProduct> products = new ArrayList<>();
        for (double[] direction : directions) {
            double[] product = new double[theta.length];
            double form = 0;
            for (int example = 0; example < batch.size(); example++) {
                Curvature curvature = at(batch, example);
                for (int i = 0; i < product.length; i++) {
                    double factor = direction[i] / batch.size();
                    double[] row = curvature.hessian[i];
                    for (int j = 0; j < product.length; j++) {
                        product[j] += factor * row[j];
                    }
                }
                form += variance(curvature, direction) / batch.size();
            }
            products.add(new CurvatureProduct(direction, product, form));
        }
        return products;
    }

    /** Var_p(Jv). */
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

    private Curvature at(MaskedBatch batch, int example) {
        return Objects.requireNonNull(contexts.get(context(batch, example)));
    }

    /** What the network sees: the words, −1 at the mask. */
    private static List<Integer> context(MaskedBatch batch, int example) {
        int[] sentence = batch.sentence(example);
        sentence[batch.position(example)] = -1;
        return Arrays.stream(sentence).boxed().toList();
    }
}
