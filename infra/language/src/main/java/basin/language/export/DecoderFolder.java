package basin.language.export;

import basin.language.Pcfg;
import basin.network.DecoderShape;
import basin.network.Gpt2Network;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An exported decoder: a folder that {@code transformers} opens with {@code AutoModelForCausalLM}
 * and {@code AutoTokenizer}, and the decoder's language. Thread-safe.
 */
public final class DecoderFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DecoderFolder() {}

    /**
     * Writes the same files as {@link EncoderFolder}.
     *
     * @param folder an existing, empty folder
     * @param theta the network's flat parameters, float32
     * @param language a language with as many words as the shape; its first is token {@code w0}
     */
    public static void write(Path folder, DecoderShape shape, float[] theta, Pcfg language) throws IOException {
        WordTokenizer tokenizer = new WordTokenizer(shape, shape.tellsLength() ? shape.maxLength() : 0, false);
        EncoderFolder.write(folder, config(shape), tokenizer, shape, theta, language);
    }

    private static ObjectNode config(DecoderShape shape) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("GPT2LMHeadModel");
        config.put("model_type", Gpt2Network.TYPE);
        config.put("vocab_size", shape.vocabulary());
        config.put("n_positions", shape.longestSequence());
        config.put("n_embd", shape.width());
        config.put("n_layer", shape.layers());
        config.put("n_head", shape.heads());
        config.put("n_inner", shape.intermediate());
        config.put("activation_function", "gelu");
        config.put("layer_norm_epsilon", DecoderShape.LAYER_NORM_EPSILON);
        config.put("resid_pdrop", 0.0);
        config.put("embd_pdrop", 0.0);
        config.put("attn_pdrop", 0.0);
        EncoderFolder.common(config);
        return config;
    }
}
