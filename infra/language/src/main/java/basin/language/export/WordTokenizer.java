package basin.language.export;

import basin.network.EncoderShape;
import basin.network.NetworkShape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tokenizer of one of our networks in the form of {@code transformers}. Words are {@code w0},
 * {@code w1} and so on, separated by spaces.
 *
 * @param lengths number of length tokens ({@code <length=1>} and so on) after the words
 * @param masks whether there is a mask token
 */
record WordTokenizer(NetworkShape shape, int lengths, boolean masks) {
    static final int END = 2;

    private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<mask>");
    /**
     * A template without vocabulary. The unknown token is not in the vocabulary, so that a word
     * outside the language is an error.
     */
    private static final String WITHOUT_VOCABULARY = """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
         "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {}, "unk_token": "<unk>"}}
        """;

    /**
     * A post-processor that adds the start token and no end token, as our networks read sentences.
     */
    private static final String STARTING = """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                  {"Sequence": {"id": "B", "type_id": 0}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}}
        """;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the content of {@code tokenizer.json}. */
    ObjectNode tokenizer() throws JsonProcessingException {
        ObjectNode root = (ObjectNode) JSON.readTree(WITHOUT_VOCABULARY);
        if (lengths == 0) {
            root.set("post_processor", JSON.readTree(STARTING));
        } // Otherwise the text itself begins with its length token.
        List<String> tokens = Stream.of(
                        SPECIAL.stream(),
                        IntStream.range(0, shape.vocabularySize()).mapToObj(word -> "w" + word),
                        IntStream.rangeClosed(1, lengths).mapToObj(words -> "<length=" + words + ">"))
                .flatMap(part -> part)
                .toList();
        for (int id = 0; id < tokens.size(); id++) {
            ((ObjectNode) root.at("/model/vocab")).put(tokens.get(id), id);
            if (id < EncoderShape.FIRST_WORD || id >= EncoderShape.FIRST_WORD + shape.vocabularySize()) {
                special((ArrayNode) root.get("added_tokens"), id, tokens.get(id));
            }
        }
        return root;
    }

    private static void special(ArrayNode added, int id, String content) {
        added.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    /** Returns the content of {@code tokenizer_config.json}. */
    ObjectNode config() {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", SPECIAL.get(EncoderShape.START));
        config.put("cls_token", SPECIAL.get(EncoderShape.START));
        config.put("pad_token", SPECIAL.get(EncoderShape.PADDING));
        config.put("eos_token", SPECIAL.get(END));
        if (masks) {
            config.put("mask_token", SPECIAL.get(EncoderShape.MASK));
        }
        config.put("model_max_length", shape.longestSequence());
        config.put("clean_up_tokenization_spaces", false);
        config.putArray("model_input_names").add("input_ids").add("attention_mask");
        return config;
    }
}
