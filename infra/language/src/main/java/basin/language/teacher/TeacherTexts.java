package basin.language.teacher;

import basin.language.text.LineTokenizer;
import basin.language.text.TextLanguage;
import basin.network.folder.TextTokenizer;
import basin.study.Refusal;
import basin.study.file.DataFiles;
import basin.study.file.ModelFolders;
import basin.study.file.Utf8Files;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * An encoder of texts as sentences of a teacher's language. It splits a text with the teacher's own
 * tokenizer, without special tokens. It drops the tokens that the language does not keep, because
 * the teacher's language has no unknown word. Immutable; thread-safe.
 */
public final class TeacherTexts {
    private static final int NONE = -1;

    private final String named;
    private final byte[] tokenizer;
    private final int maxLength;
    /** The word id of each token of the whole model. */
    private final int[] words;

    /**
     * Returns the encoder with a given tokenizer.
     *
     * @param hash hash of its {@code tokenizer.json}
     * @throws IOException if this machine does not have the tokenizer at present
     * @throws Refusal if the settings beside it change what it does
     */
    public static TeacherTexts of(TeacherLanguage teacher, String hash) throws IOException {
        return new TeacherTexts(teacher, hash);
    }

    private TeacherTexts(TeacherLanguage teacher, String hash) throws IOException {
        Path file = ModelFolders.findTokenizer(hash)
                .orElseThrow(() -> new FileNotFoundException("tasks.table.tokenizer is " + hash
                        + ": no model with such a "
                        + ModelFolders.TOKENIZER + " is known here; list its folder, or the folder above it, in "
                        + ModelFolders.VARIABLE + "."));
        named = "tasks.table.tokenizer is " + file;
        Path parent = file.getParent();
        if (parent != null) {
            TextTokenizer.checkAlone(parent);
        }
        tokenizer = Utf8Files.bytes(file, (int) DataFiles.MAX_BYTES);
        maxLength = teacher.maxLength();
        words = new int[teacher.vocabulary()];
        Arrays.fill(words, NONE);
        int[] tokens = teacher.tokens();
        for (int word = 0; word < tokens.length; word++) {
            words[tokens[word]] = word;
        }
    }

    /**
     * Encodes examples as word ids. A single text is truncated to the maximum length. Two texts are
     * each truncated to half of it and concatenated without a separator, because the language has
     * no such word.
     *
     * @param examples one or two texts each; surrounding blanks are ignored
     * @throws Refusal if the tokenizer is invalid or another model's; one sentence
     */
    public TextLanguage.Encoded encode(List<List<String>> examples) {
        int[][] sentences = new int[examples.size()][];
        int cut = 0;
        try (LineTokenizer splitter = LineTokenizer.of(tokenizer, named)) {
            for (int i = 0; i < sentences.length; i++) {
                List<String> texts = examples.get(i);
                int max = maxLength / texts.size();
                sentences[i] = new int[0];
                for (String text : texts) {
                    int[] own = kept(i + 1, splitter.numbers(text.strip()));
                    cut += own.length > max ? 1 : 0;
                    sentences[i] = joined(sentences[i], own, Math.min(own.length, max));
                }
            }
        }
        return new TextLanguage.Encoded(sentences, cut);
    }

    private int[] kept(int example, long[] tokens) {
        LongStream.of(tokens).filter(token -> token >= words.length).findFirst().ifPresent(unknown -> {
            throw new Refusal(named + ", which has a token " + unknown + " in example " + example
                    + ", and the teacher's last one is " + (words.length - 1)
                    + ": put the teacher's own tokenizer beside its weights.");
        });
        return LongStream.of(tokens)
                .mapToInt(token -> words[(int) token])
                .filter(word -> word != NONE)
                .toArray();
    }

    private static int[] joined(int[] first, int[] second, int max) {
        int[] both = Arrays.copyOf(first, first.length + max);
        System.arraycopy(second, 0, both, first.length, max);
        return both;
    }
}
