package basin.study.file;

import basin.study.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A reader of text files that people and other programs write: studies, manifests, texts, tables,
 * JSON. All are UTF-8 and bounded in size. An initial byte order mark is no part of the text. Lines
 * end with LF, CRLF or CR. UTF-16 and UTF-32, bytes that are not UTF-8, and NUL bytes are refused
 * with the file and the byte's offset, from 0. Thread-safe.
 */
public final class Utf8Files {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String REPLACEMENT = "\ufffd";

    private Utf8Files() {}

    /**
     * Returns the text of a file, with every CRLF replaced by LF.
     *
     * @param maxBytes the largest file that is read
     * @throws IOException if the file is absent or cannot be read
     * @throws Refusal if the file is larger or is no such text
     */
    public static String read(Path file, int maxBytes) throws IOException {
        return decode(bytes(file, maxBytes), file.toString());
    }

    /**
     * Returns the bytes of a text file, for a caller that also hashes them. {@link #decode}
     * converts them to text.
     *
     * @throws IOException if the file is absent or cannot be read
     * @throws Refusal if the file is larger
     */
    public static byte[] bytes(Path file, int maxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new Refusal(
                        file + " has " + Files.size(file) + " bytes: give a file of at most " + maxBytes + ".");
            }
            return bytes;
        }
    }

    /**
     * Decodes bytes to text, with every CRLF replaced by LF.
     *
     * @param name name of the file, for messages
     * @throws Refusal if the bytes are no such text
     */
    public static String decode(byte[] bytes, String name) {
        return decode(bytes, bytes.length, 0, name).replace("\r\n", "\n");
    }

    /**
     * Reads a file line by line, for texts that do not fit into memory. The last line may lack a
     * line ending.
     *
     * @param maxLineBytes the longest line that is read
     * @param each receives each line without its ending
     * @throws IOException if the file is absent or cannot be read
     * @throws Refusal if a line is longer or is no such text
     */
    public static void forEachLine(Path file, int maxLineBytes, Consumer<String> each) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        byte[] line = new byte[256];
        int length = 0;
        long begin = 0;
        long at = 0;
        boolean afterReturn = false;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    byte one = buffer[i];
                    at++;
                    if (one == '\n' && afterReturn) {
                        begin = at;
                    } else if (one == '\n' || one == '\r') {
                        each.accept(decode(line, length, begin, file.toString()));
                        length = 0;
                        begin = at;
                    } else if (length == maxLineBytes) {
                        throw new Refusal(file + " has a line of more than " + maxLineBytes + " bytes at byte " + begin
                                + ": give one sentence per line.");
                    } else {
                        line = length < line.length ? line : Arrays.copyOf(line, Math.min(2 * length, maxLineBytes));
                        line[length++] = one;
                    }
                    afterReturn = one == '\r';
                }
            }
        }
        if (length > 0) {
            each.accept(decode(line, length, begin, file.toString()));
        }
    }

    /** Decodes the first {@code length} bytes, which begin at byte {@code offset} of the file. */
    private static String decode(byte[] bytes, int length, long offset, String name) {
        int start = offset == 0 ? markLength(bytes, length, name) : 0;
        for (int i = start; i < length; i++) {
            if (bytes[i] == 0) {
                throw new Refusal(name + " has a NUL byte at byte " + (offset + i)
                        + ", so it is UTF-16 or no text: save it as UTF-8.");
            }
        }
        String text = new String(bytes, start, length - start, StandardCharsets.UTF_8);
        if (text.contains(REPLACEMENT)) {
            // The text itself contains the replacement character, or the decoder inserted it for
            // invalid UTF-8.
            ByteBuffer in = ByteBuffer.wrap(bytes, start, length - start);
            if (StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(in, CharBuffer.allocate(length - start), true)
                    .isError()) {
                throw new Refusal(String.format(
                        "%s is no UTF-8 text at byte %d (0x%02X): save it as UTF-8.",
                        name, offset + in.position(), bytes[in.position()]));
            }
        }
        return text;
    }

    /**
     * Returns the length in bytes of the byte order mark of UTF-8; refuses those of other
     * encodings.
     */
    private static int markLength(byte[] bytes, int length, String name) {
        if (begins(bytes, length, 0xef, 0xbb, 0xbf)) {
            return 3;
        }
        if (begins(bytes, length, 0xff, 0xfe) || begins(bytes, length, 0xfe, 0xff)) {
            boolean wide = begins(bytes, length, 0xff, 0xfe, 0, 0);
            throw new Refusal(name + " is " + (wide ? "UTF-32" : "UTF-16")
                    + " text by its byte order mark at byte 0: save it as UTF-8.");
        }
        return 0;
    }

    private static boolean begins(byte[] bytes, int length, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= length || (bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
