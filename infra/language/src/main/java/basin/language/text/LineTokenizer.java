package basin.language.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import basin.network.folder.TextTokenizer;
import basin.study.Refusal;
import basin.study.file.ForeignJson;
import basin.study.file.Utf8Files;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A tokenizer of single lines. It follows a {@code tokenizer.json}, or splits at blanks and around
 * punctuation marks after lower-casing and NFC normalisation. It adds no special tokens and does
 * not truncate. Not thread-safe; to be closed.
 */
public final class LineTokenizer implements AutoCloseable {
    /**
     * BERT's pre-tokenizer with an empty vocabulary. Only the character spans of the result are
     * used, not the ids.
     */
    private static final String SPLITTER = """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
         "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}}
        """;

    private static final Map<String, String> AS_IT_IS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final boolean words;

    private LineTokenizer(HuggingFaceTokenizer tokenizer, boolean words) {
        this.tokenizer = tokenizer;
        this.words = words;
    }

    /** Returns a tokenizer that splits into words and punctuation marks. */
    public static LineTokenizer words() {
        return open(SPLITTER.getBytes(StandardCharsets.UTF_8), "the splitter into words", true);
    }

    /**
     * Returns the tokenizer of a {@code tokenizer.json}.
     *
     * @param named beginning of messages, such as {@code language.tokenizer is X}
     * @throws Refusal if the file cannot be read as one; one sentence
     */
    public static LineTokenizer of(byte[] json, String named) {
        String which = named + ", which";
        String text = TextTokenizer.readable(ForeignJson.parse(
                Utf8Files.decode(json, which), which, "give a tokenizer.json in the form of the tokenizers library"));
        return open(text.getBytes(StandardCharsets.UTF_8), named, false);
    }

    private static LineTokenizer open(byte[] json, String named, boolean words) {
        try {
            return new LineTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), AS_IT_IS), words);
        } catch (IOException | RuntimeException refused) {
            throw new Refusal(
                    named + ", which cannot be read ("
                            + String.valueOf(refused.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                                    .strip()
                                    .replaceAll("\\.$", "")
                            + "): give a tokenizer.json in the form of the tokenizers library.",
                    refused);
        }
    }

    /** Returns the tokens of a line, in order. Empty for a blank line. */
    public List<String> tokens(String line) {
        if (line.isBlank()) {
            return List.of();
        }
        if (!words) {
            return List.of(encode(line).getTokens());
        }
        String composed = Normalizer.normalize(line, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        // Spans count code points, some of which are two Java chars.
        int[] characters = composed.codePoints().toArray();
        List<String> tokens = new ArrayList<>();
        for (CharSpan span : encode(composed).getCharTokenSpans()) {
            tokens.add(new String(characters, span.getStart(), span.getEnd() - span.getStart()));
        }
        return tokens;
    }

    /**
     * Returns the token ids of a line in the tokenizer's own vocabulary, in order. Empty for a
     * blank line.
     */
    public long[] numbers(String line) {
        return line.isBlank() ? new long[0] : encode(line).getIds();
    }

    private Encoding encode(String line) {
        try {
            return tokenizer.encode(line, false, false);
        } catch (RuntimeException refused) {
            throw new Refusal(
                    "the tokenizer refuses '" + line.substring(0, Math.min(40, line.length())) + "' ("
                            + refused.getMessage() + "): give text that it knows.",
                    refused);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
