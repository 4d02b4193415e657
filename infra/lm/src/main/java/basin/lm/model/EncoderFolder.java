package basin.lm.model;

import basin.lm.language.GrammarFile;
import basin.lm.language.Pcfg;
import basin.lm.network.EncoderShape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One of our own networks as a folder that {@code transformers} opens with {@code AutoModelForMaskedLM} and {@code AutoTokenizer}, with
 * its language beside it. Thread-safe.
 */
public final class EncoderFolder {
    /** The language that the network was trained on, as a grammar file. */
    public static final String LANGUAGE = "language.json";

    private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<mask>");
    private static final int END = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private EncoderFolder() {}

    /**
     * Writes {@code config.json}, {@code model.safetensors}, {@code tokenizer.json}, {@code tokenizer_config.json} and {@code
     * language.json}.
     *
     * @param folder there already, and empty
     * @param theta the network's flat parameters, float32
     * @param language as many words as the shape has; token {@code w0} is its first
     */
    public static void write(Path folder, EncoderShape shape, float[] theta, Pcfg language) throws IOException {
        if (theta.length != shape.parameterCount() || language.words() != shape.words()) {
            throw new IllegalArgumentException("a network of " + shape.parameterCount() + " parameters and "
                    + shape.words() + " words was given " + theta.length + " numbers and a language of "
                    + language.words() + " words: give what belongs together.");
        }
        text(folder, "config.json", config(shape));
        text(folder, "tokenizer.json", tokenizer(shape));
        text(folder, "tokenizer_config.json", tokenizerConfig(shape));
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
        config.put("tie_word_embeddings", true);
        config.put("bos_token_id", EncoderShape.START);
        config.put("pad_token_id", EncoderShape.PADDING);
        config.put("eos_token_id", END);
        // Under both names: the older one is what releases before 5 read.
        config.put("torch_dtype", "float32");
        config.put("dtype", "float32");
        return config;
    }

    private static ObjectNode tokenizer(EncoderShape shape) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
        startThen(processor.putArray("single"), "A");
        startThen(processor.putArray("pair"), "A")
                .addObject()
                .putObject("Sequence")
                .put("id", "B")
                .put("type_id", 0);
        ObjectNode start = processor.putObject("special_tokens").putObject(SPECIAL.getFirst());
        start.put("id", SPECIAL.getFirst());
        start.putArray("ids").add(EncoderShape.START);
        start.putArray("tokens").add(SPECIAL.getFirst());
        root.putNull("decoder");
        ObjectNode model = root.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < SPECIAL.size(); id++) {
            vocabulary.put(SPECIAL.get(id), id);
        }
        for (int word = 0; word < shape.words(); word++) {
            vocabulary.put("w" + word, EncoderShape.FIRST_WORD + word);
        }
        // Not in the vocabulary: a word that the language does not have is an error, not some other word.
        model.put("unk_token", "<unk>");
        return root;
    }

    /** A sentence as our networks read it: the start token and its words, no end token. */
    private static ArrayNode startThen(ArrayNode template, String sequence) {
        template.addObject()
                .putObject("SpecialToken")
                .put("id", SPECIAL.getFirst())
                .put("type_id", 0);
        template.addObject().putObject("Sequence").put("id", sequence).put("type_id", 0);
        return template;
    }

    private static ObjectNode tokenizerConfig(EncoderShape shape) {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", SPECIAL.get(EncoderShape.START));
        config.put("cls_token", SPECIAL.get(EncoderShape.START));
        config.put("pad_token", SPECIAL.get(EncoderShape.PADDING));
        config.put("eos_token", SPECIAL.get(END));
        config.put("mask_token", SPECIAL.get(EncoderShape.MASK));
        config.put("model_max_length", shape.longestSequence());
        config.put("clean_up_tokenization_spaces", false);
        config.putArray("model_input_names").add("input_ids").add("attention_mask");
        return config;
    }
}
