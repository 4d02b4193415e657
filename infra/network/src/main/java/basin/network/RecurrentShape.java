package basin.network;

import java.util.Arrays;

/**
 * The shape of a stacked bidirectional LSTM (Hochreiter and Schmidhuber 1997, with forget gates;
 * Graves and Schmidhuber 2005) that predicts a masked word. It reads the sequences of an
 * {@linkplain EncoderShape encoder}. Each layer's input is the concatenated states of both
 * directions of the layer below. A linear map reduces the last layer's state from 2·{@code width}
 * to {@code width}. The logits are its products with the embeddings, which are tied as in a
 * transformer, plus a bias.
 *
 * <p>Tensors are named and laid out as in PyTorch's {@code nn.LSTM}, with gates in the order input,
 * forget, cell, output. PyTorch has two biases, of which only the sum matters; here only the first
 * exists.
 *
 * @param vocabularySize different words of the language
 * @param maxLength longest sentence, in words
 * @param width hidden units of each direction, and of the embedding
 * @param layers layers
 */
public record RecurrentShape(int vocabularySize, int maxLength, int width, int layers) implements NetworkShape {
    public RecurrentShape {
        NetworkShape.check(vocabularySize, maxLength, width, layers);
    }

    @Override
    public int stateWidth() {
        return 2 * width;
    }

    @Override
    public int vocabulary() {
        return EncoderShape.FIRST_WORD + vocabularySize;
    }

    @Override
    public Network network() {
        return new RecurrentNetwork(this);
    }

    /**
     * Sets the forget gates' biases to one, so that the gates begin open (Jozefowicz, Zaremba,
     * Sutskever 2015) and gradients reach across a sentence.
     */
    @Override
    public void begin(float[] theta) {
        for (Parameter parameter : parameters()) {
            if (parameter.name().startsWith(RecurrentNetwork.BIASES)) {
                Arrays.fill(theta, parameter.offset() + width, parameter.offset() + 2 * width, 1);
            }
        }
    }
}
