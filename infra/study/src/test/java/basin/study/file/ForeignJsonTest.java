package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that JSON as Python writes it is read, and that broken and unfinished files differ. */
class ForeignJsonTest {
    private static final String WHOLE = """
        {"α": [1, -2.5e-3, true, false, null, NaN, Infinity, -Infinity],
         "text": "a \\"b\\" \\u00e9 é €", "in": {"more": {}, "none": []}}
        """;

    @TempDir
    private Path folder;

    private Refusal refusal(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("a.json"), bytes);
        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> ForeignJson.read(file, 1_000, "save the model again"));
        assertThat(refusal)
                .as(new String(bytes, StandardCharsets.UTF_8))
                .isNotNull()
                .hasMessageStartingWith(file.toString())
                .hasMessageEndingWith(": save the model again.")
                .hasMessageNotContainingAny("\n", "Unexpected", "code ", "Exception");
        return refusal;
    }

    private Refusal refusal(String text) throws IOException {
        return refusal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void numbersThatAreNone() throws IOException {
        JsonNode list = ForeignJson.object(Files.writeString(folder.resolve("a.json"), WHOLE), 1_000, "")
                .path("α");
        assertThat(list.get(5).doubleValue()).isNaN();
        assertThat(list.get(6).doubleValue()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(list.get(7).doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void everyBeginningOfAFileIsUnfinished() throws IOException {
        byte[] whole = WHOLE.strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(refusal(Arrays.copyOf(whole, length)))
                    .as("the first %d bytes", length)
                    .isInstanceOf(UnfinishedFile.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"a": 1,,"b": 2}       | is no JSON in line 1, column 9, at ',"b": 2}'
        {"a": nan, "b": 2}     | is no JSON in line 1
        {'a': 1}               | is no JSON in line 1, column 2
        {"a": 1} {"b": 2}      | is no JSON in line 1
        {"a": 1}}              | is no JSON in line 1
        [1, 2}                 | is no JSON in line 1
        {"a": {"b": 1, "b": 2}} | gives 'b' twice, the second time in line 1
        <html></html>          | is no JSON in line 1, column 1
        """)
    void aBrokenFileIsNotCalledUnfinished(String text, String expected) throws IOException {
        assertThat(refusal(text)).isNotInstanceOf(UnfinishedFile.class).hasMessageContaining(expected);
        assertThat(refusal("[\n" + text + "\n, 5]"))
                .isNotInstanceOf(UnfinishedFile.class)
                .hasMessageContaining(" line 2");
    }

    @Test
    void bytesThatAreNoTextAndOtherValues() throws IOException {
        Path file = Files.write(folder.resolve("a.json"), "{\"é\": 1}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(catchThrowableOfType(Refusal.class, () -> ForeignJson.read(file, 1_000, "")))
                .isNotInstanceOf(UnfinishedFile.class)
                .hasMessageContaining("is no UTF-8 text at byte 2");
        Files.writeString(file, "[1]");
        assertThat(catchThrowableOfType(Refusal.class, () -> ForeignJson.object(file, 1_000, "give one")))
                .hasMessage(file + " holds no JSON object: give one.");
    }
}
