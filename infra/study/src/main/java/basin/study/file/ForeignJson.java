package basin.study.file;

import basin.study.Json;
import basin.study.Refusal;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader of JSON that other programs and people write. It reads what Python writes, so {@code
 * NaN}, {@code Infinity} and {@code -Infinity} are numbers. A field given twice and text after the
 * value are refused. A file that ends before its JSON does is {@linkplain UnfinishedFile
 * unfinished}; any other mistake is refused with its line and column. Thread-safe.
 */
public final class ForeignJson {
    private static final int SHOWN_CHARACTERS = 20;
    private static final Pattern TWICE = Pattern.compile("Duplicate field '(.*)'", Pattern.DOTALL);
    private static final JsonMapper JSON = JsonMapper.builder(Json.ofOthers())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private ForeignJson() {}

    /**
     * Returns the value in a file.
     *
     * @param maxBytes the largest file that is read
     * @param fix what to do about a bad file, such as {@code save the model again}
     * @throws IOException if the file is absent or cannot be read
     * @throws UnfinishedFile if the file ends too early
     * @throws Refusal if the file is larger or holds no JSON; one sentence
     */
    public static JsonNode read(Path file, int maxBytes, String fix) throws IOException {
        byte[] bytes = Utf8Files.bytes(file, maxBytes);
        // A file that is being written may end within a character.
        return parse(Utf8Files.decode(Arrays.copyOf(bytes, wholeCharacters(bytes)), file.toString()), file + "", fix);
    }

    /**
     * Returns the object in a file. Throws as {@link #read} does, and refuses any other value.
     */
    public static ObjectNode object(Path file, int maxBytes, String fix) throws IOException {
        return asObject(read(file, maxBytes, fix), file.toString(), fix);
    }

    /** Returns a value as an object; refuses any other value. */
    private static ObjectNode asObject(JsonNode value, String name, String fix) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new Refusal(name + " holds no JSON object: " + fix + ".");
    }

    /**
     * Returns the value in a text.
     *
     * @param name name of the file, for messages
     * @param fix what to do about a bad file
     * @throws UnfinishedFile if the text ends too early
     * @throws Refusal if the text is no JSON; one sentence
     */
    public static JsonNode parse(String text, String name, String fix) {
        try {
            JsonNode value = JSON.readTree(text);
            if (value.isMissingNode()) {
                throw new UnfinishedFile(name + " is empty: " + fix + ".");
            }
            return value;
        } catch (JsonProcessingException bad) {
            String message = String.valueOf(bad.getOriginalMessage());
            Matcher twice = TWICE.matcher(message);
            if (bad instanceof StreamConstraintsException) {
                throw new Refusal(name + " has more than " + Json.MAX_DEPTH + " levels, more than " + Json.MAX_TOKENS
                        + " names, values and brackets, or a text or number that is too long: " + fix + ".");
            }
            JsonLocation at = bad.getLocation();
            if (twice.lookingAt()) {
                throw new Refusal(name + " gives '" + twice.group(1) + "' twice, the second time in line "
                        + at.getLineNr() + ": " + fix + ".");
            }
            int from = (int) Math.max(0, Math.min(at.getCharOffset(), text.length()));
            // The parser reports half a number or half of a word such as true as a mistake.
            if (bad instanceof JsonEOFException || text.substring(from).matches("[\\w.+-]*\\s*")) {
                throw new UnfinishedFile(
                        name + " ends before its JSON does, in line " + at.getLineNr() + ": " + fix + ".");
            }
            String shown = text.substring(from, Math.min(text.length(), from + SHOWN_CHARACTERS))
                    .lines()
                    .findFirst()
                    .orElse("");
            throw new Refusal(name + " is no JSON in line " + at.getLineNr() + ", column " + at.getColumnNr()
                    + (shown.isBlank() ? "" : ", at '" + shown.strip() + "'") + ": " + fix + ".");
        }
    }

    /** Returns the number of bytes without the last character if only a part of it is there. */
    private static int wholeCharacters(byte[] bytes) {
        int lead = bytes.length - 1;
        while (lead >= 0 && lead > bytes.length - 4 && (bytes[lead] & 0xc0) == 0x80) {
            lead--;
        }
        if (lead < 0) {
            return bytes.length;
        }
        int first = bytes[lead] & 0xff;
        int needed = first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        return first < 0xf8 && bytes.length - lead < needed ? lead : bytes.length;
    }
}
