package basin.language.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import basin.study.Refusal;
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
 * Splits a line into tokens: by the rules of a {@code tokenizer.json}, or at blanks and around punctuation marks, in lower case and Unicode's
 * composed form. No special tokens are added and nothing is cut. One thread at a time; to be closed.
 */
public final class LineTokenizer implements AutoCloseable {
    /** BERT's way to split, with a vocabulary of nothing: of what is found the places are taken, not the numbers. */
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

    /** The one that splits into words and punctuation marks. */
    public static LineTokenizer words() {
        return open(SPLITTER.getBytes(StandardCharsets.UTF_8), "the splitter into words", true);
    }

    /**
     * The one of a {@code tokenizer.json}.
     *
     * @param named begins messages, such as {@code language.tokenizer is X}
     * @throws Refusal in one sentence, where it cannot be read
     */
    public static LineTokenizer of(byte[] json, String named) {
        // The library takes no byte order mark.
        return open(Utf8Files.decode(json, named + ", which").getBytes(StandardCharsets.UTF_8), named, false);
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

    /** The tokens of a line, in order; none of a blank one. */
    public List<String> tokens(String line) {
        if (line.isBlank()) {
            return List.of();
        }
        if (!words) {
            return List.of(encode(line).getTokens());
        }
        String composed = Normalizer.normalize(line, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        // Places count characters of Unicode, of which a few take two of Java's.
        int[] characters = composed.codePoints().toArray();
        List<String> tokens = new ArrayList<>();
        for (CharSpan span : encode(composed).getCharTokenSpans()) {
            tokens.add(new String(characters, span.getStart(), span.getEnd() - span.getStart()));
        }
        return tokens;
    }

    /** The numbers of a line's tokens in the tokenizer's own vocabulary, in order; none of a blank one. */
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
