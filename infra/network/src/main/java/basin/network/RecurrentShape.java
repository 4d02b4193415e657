package basin.network;

import java.util.Arrays;

/**
 * The shape of a stacked bidirectional LSTM (Hochreiter and Schmidhuber 1997, with forget gates; Graves and Schmidhuber 2005) that predicts a
 * masked word. It reads the sequences of an {@linkplain EncoderShape encoder}. Each layer's input is both directions' states of the layer below,
 * one behind the other. A linear map leads from the last layer's 2·{@code width} numbers a token to {@code width}, and the scores are the
 * products with the embeddings, to which they are tied as a transformer's are, and a bias.
 *
 * <p>Tensors are named and laid out as PyTorch's {@code nn.LSTM} has them, gates in the order input, forget, cell, output; of its two biases,
 * of which only the sum matters, there is the first alone.
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

    /** Forget gates begin open, their biases at one (Jozefowicz, Zaremba, Sutskever 2015), so that gradients reach over a sentence. */
    @Override
    public void begin(float[] theta) {
        for (Parameter parameter : parameters()) {
            if (parameter.name().startsWith(RecurrentNetwork.BIASES)) {
                Arrays.fill(theta, parameter.offset() + width, parameter.offset() + 2 * width, 1);
            }
        }
    }
}
