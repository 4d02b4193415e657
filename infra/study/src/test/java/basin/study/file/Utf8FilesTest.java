package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.study.Refusal;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text is read the same from every editor, or refused with the file and the byte offset. */
class Utf8FilesTest {
    private static final int MAX = 1000;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void aName() {
        file = folder.resolve("a.txt");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(file, bytes);
    }

    private Path write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        Utf8Files.forEachLine(file, MAX, lines::add);
        return lines;
    }

    private void refused(String expected) {
        for (ThrowingCallable read :
                List.<ThrowingCallable>of(() -> Utf8Files.read(file, 100 * MAX), () -> lines(file))) {
            assertThatThrownBy(read).isInstanceOf(Refusal.class).hasMessage(file + expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one\ntwo ä 😀\n\nfour",
                "one\ntwo ä 😀\n\nfour\n",
                "\ufeffone\ntwo ä 😀\n\nfour\n",
                "one\r\ntwo ä 😀\r\n\r\nfour",
                "\ufeffone\r\ntwo ä 😀\r\n\r\nfour\r\n"
            })
    void marksAndEndsOfLinesAreNoPartOfTheText(String text) throws IOException {
        write(text);
        assertThat(lines(file)).containsExactly("one", "two ä 😀", "", "four");
        assertThat(Utf8Files.read(file, MAX).strip()).isEqualTo("one\ntwo ä 😀\n\nfour");
        assertThat(Utf8Files.decode(Files.readAllBytes(file), "it").strip()).isEqualTo("one\ntwo ä 😀\n\nfour");
    }

    @Test
    void onlyTheFirstMarkIsOneAndAReplacementCharacterMayBeMeant() throws IOException {
        assertThat(lines(write("\ufeff"))).containsExactly("");
        assertThat(lines(write(""))).isEmpty();
        assertThat(lines(write("\ufeff\ufeffa\n\ufeffb \ufffd"))).containsExactly("\ufeffa", "\ufeffb \ufffd");
    }

    @Test
    void linesAreTheSameAcrossTheEndsOfABuffer() throws IOException {
        // The buffer has 65,536 bytes. CR and LF, and the bytes of a character, fall on both sides
        // of its end.
        for (int before = 65_530; before < 65_540; before++) {
            String first = "x".repeat(before);
            Path long1 = write(first + "\r\n😀ä\r\n");
            List<String> lines = new ArrayList<>();
            Utf8Files.forEachLine(long1, 70_000, lines::add);
            assertThat(lines).containsExactly(first, "😀ä");
        }
    }

    @Test
    void whatIsNoUtf8IsRefusedWithItsByte() throws IOException {
        write("eins\nzwei ä\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(" is no UTF-8 text at byte 10 (0xE4): save it as UTF-8.");
        // Truncated within a character.
        write(new byte[] {'a', '\n', (byte) 0xf0, (byte) 0x9f});
        refused(" is no UTF-8 text at byte 2 (0xF0): save it as UTF-8.");
        // A surrogate, and an overlong encoding of '/'.
        write(new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80});
        refused(" is no UTF-8 text at byte 1 (0xED): save it as UTF-8.");
        write(new byte[] {'\n', '\n', (byte) 0xc0, (byte) 0xaf});
        refused(" is no UTF-8 text at byte 2 (0xC0): save it as UTF-8.");
        write("\ufffd \u00e9".getBytes(StandardCharsets.UTF_8));
        assertThat(lines(file)).containsExactly("\ufffd \u00e9");
        write("one\ntw\0o\n");
        refused(" has a NUL byte at byte 6, so it is UTF-16 or no text: save it as UTF-8.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE"})
    void otherEncodingsAreRefusedByTheirMark(String encoding) throws IOException {
        write("\ufeffone\n".getBytes(Charset.forName(encoding)));
        refused(" is " + encoding.substring(0, 6) + " text by its byte order mark at byte 0: save it as UTF-8.");
        write("one\n".getBytes(Charset.forName(encoding)));
        refused(" has a NUL byte at byte " + (encoding.equals("UTF-16BE") ? 0 : 1)
                + ", so it is UTF-16 or no text: save it as UTF-8.");
    }

    @Test
    void sizesAreBoundedAndAbsenceIsTheCallersToSay() throws IOException {
        write("x".repeat(MAX));
        assertThat(Utf8Files.read(file, MAX)).hasSize(MAX);
        assertThat(lines(file)).hasSize(1);
        write("ab\n" + "x".repeat(MAX + 1));
        assertThatThrownBy(() -> Utf8Files.read(file, MAX))
                .isInstanceOf(Refusal.class)
                .hasMessage(file + " has 1004 bytes: give a file of at most 1000.");
        assertThatThrownBy(() -> lines(file))
                .isInstanceOf(Refusal.class)
                .hasMessage(file + " has a line of more than 1000 bytes at byte 3: give one sentence per line.");
        Files.delete(file);
        assertThatThrownBy(() -> Utf8Files.read(file, MAX)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> lines(file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void studiesQuestionsAndManifestsAreReadWithAMark() throws IOException {
        write("\ufeffband: 0.05\r\nminRuns: 4\r\n");
        assertThat(QuestionFile.parse(QuestionFile.text(file), "it"))
                .isEqualTo(QuestionFile.parse("band: 0.05\nminRuns: 4\n", "it"));
        write("band: ä".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> QuestionFile.text(file)).hasMessageContaining("no UTF-8 text at byte 6");
        assertThatThrownBy(() -> StudyFile.read(file)).hasMessageContaining("no UTF-8 text at byte 6");
        assertThatThrownBy(() -> IngestFile.read(file)).hasMessageContaining("no UTF-8 text at byte 6");
    }
}
