package basin.language.export;

import basin.network.EncoderShape;
import basin.network.NetworkShape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The tokenizer of one of our own networks, as {@code transformers} reads it: words {@code w0}, {@code w1} and so on between spaces.
 *
 * @param lengths so many tokens of lengths stand behind the words, {@code <length=1>} and so on
 * @param masks whether words are masked
 */
record WordTokenizer(NetworkShape shape, int lengths, boolean masks) {
    static final int END = 2;

    private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<mask>");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code tokenizer.json}. */
    ObjectNode tokenizer() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            special(added, id, SPECIAL.get(id));
        }
        for (int length = 1; length <= lengths; length++) {
            special(added, EncoderShape.FIRST_WORD + shape.words() + length - 1, length(length));
        }
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        if (lengths > 0) {
            // The text itself begins with the token of its length.
            root.putNull("post_processor");
        } else {
            starting(root.putObject("post_processor").put("type", "TemplateProcessing"));
        }
        root.putNull("decoder");
        ObjectNode model = root.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < SPECIAL.size(); id++) {
            vocabulary.put(SPECIAL.get(id), id);
        }
        for (int word = 0; word < shape.words(); word++) {
            vocabulary.put("w" + word, EncoderShape.FIRST_WORD + word);
        }
        for (int length = 1; length <= lengths; length++) {
            vocabulary.put(length(length), EncoderShape.FIRST_WORD + shape.words() + length - 1);
        }
        // Not in the vocabulary: a word that the language does not have is an error, not some other word.
        model.put("unk_token", "<unk>");
        return root;
    }

    private static String length(int words) {
        return "<length=" + words + ">";
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

    private static void starting(ObjectNode processor) {
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

    /** {@code tokenizer_config.json}. */
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
