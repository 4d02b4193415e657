package basin.network;

import basin.study.Seeds;
import java.util.Arrays;

/**
 * Initial weights as in Hugging Face's layouts: weights normal with mean 0, biases 0, LayerNorm
 * gains 1. An encoder's padding rows are 0.
 */
public final class Initialisation {
    private Initialisation() {}

    /**
     * Returns the weights before the first step.
     *
     * @param deviation standard deviation of embeddings and weights
     * @param seed seed of the random streams; each tensor has its own stream, identified by its
     *     name
     * @return flat parameters, float32
     */
    public static float[] of(NetworkShape shape, double deviation, long seed) {
        float[] theta = new float[shape.parameterCount()];
        for (Parameter parameter : shape.parameters()) {
            if (parameter.isGain()) {
                Arrays.fill(theta, parameter.offset(), parameter.end(), 1);
            } else if (parameter.decays()) {
                double[] draws = new double[parameter.size()];
                Seeds.gaussian(Seeds.generator(seed, "initialisation/" + parameter.name()), draws);
                boolean padded = parameter.name().endsWith("word_embeddings.weight")
                        || parameter.name().endsWith("position_embeddings.weight");
                int width = Math.toIntExact(parameter.shape()[parameter.shape().length - 1]);
                int from = EncoderShape.PADDING * width;
                for (int i = 0; i < draws.length; i++) {
                    boolean padding = padded && i >= from && i < from + width;
                    theta[parameter.offset() + i] = padding ? 0 : (float) (deviation * draws[i]);
                }
            }
        }
        shape.begin(theta);
        return theta;
    }
}
