package basin.language.export;

import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.network.EncoderShape;
import basin.network.NetworkShape;
import basin.network.folder.SafetensorsWriter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An exported encoder: a folder that {@code transformers} opens with {@code AutoModelForMaskedLM}
 * and {@code AutoTokenizer}, and the encoder's language. Thread-safe.
 */
public final class EncoderFolder {
    /** The file of the language that the network was trained on, as a grammar. */
    public static final String LANGUAGE = "language.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private EncoderFolder() {}

    /**
     * Writes {@code config.json}, {@code model.safetensors}, {@code tokenizer.json},
     * {@code tokenizer_config.json} and {@code language.json}.
     *
     * @param folder an existing, empty folder
     * @param theta the network's flat parameters, float32
     * @param language a language with as many words as the shape; its first is token {@code w0}
     */
    public static void write(Path folder, EncoderShape shape, float[] theta, Pcfg language) throws IOException {
        WordTokenizer tokenizer = new WordTokenizer(shape, 0, true);
        write(folder, config(shape), tokenizer, shape, theta, language);
    }

    static void write(
            Path folder, ObjectNode config, WordTokenizer tokenizer, NetworkShape shape, float[] theta, Pcfg language)
            throws IOException {
        if (theta.length != shape.parameterCount() || language.vocabularySize() != shape.vocabularySize()) {
            throw new IllegalArgumentException("a network of " + shape.parameterCount() + " parameters and "
                    + shape.vocabularySize() + " words was given " + theta.length + " numbers and a language of "
                    + language.vocabularySize() + " words: give what belongs together.");
        }
        text(folder, "config.json", config);
        text(folder, "tokenizer.json", tokenizer.tokenizer());
        text(folder, "tokenizer_config.json", tokenizer.config());
        Files.writeString(folder.resolve(LANGUAGE), GrammarFile.format(language.grammar()));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), shape.parameters(), theta);
    }

    private static void text(Path folder, String name, ObjectNode json) throws IOException {
        Files.writeString(folder.resolve(name), json.toPrettyString() + "\n");
    }

    private static ObjectNode config(EncoderShape shape) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("RobertaPreLayerNormForMaskedLM");
        config.put("model_type", "roberta-prelayernorm");
        config.put("vocab_size", shape.vocabulary());
        config.put("hidden_size", shape.width());
        config.put("num_hidden_layers", shape.layers());
        config.put("num_attention_heads", shape.heads());
        config.put("intermediate_size", shape.intermediate());
        config.put("max_position_embeddings", shape.positions());
        config.put("type_vocab_size", 1);
        config.put("hidden_act", "gelu");
        config.put("layer_norm_eps", EncoderShape.LAYER_NORM_EPSILON);
        config.put("hidden_dropout_prob", 0.0);
        config.put("attention_probs_dropout_prob", 0.0);
        common(config);
        return config;
    }

    /** Adds the fields that the configurations of all networks share. */
    static void common(ObjectNode config) {
        config.put("tie_word_embeddings", true);
        config.put("bos_token_id", EncoderShape.START);
        config.put("pad_token_id", EncoderShape.PADDING);
        config.put("eos_token_id", WordTokenizer.END);
        // Both names: releases of transformers before 5 read the older one.
        config.put("torch_dtype", "float32");
        config.put("dtype", "float32");
    }
}
