package basin.language.text;

import basin.study.Refusal;
import basin.study.file.DataFiles;
import basin.study.file.Utf8Files;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The content of a data file that a record references by its hash.
 *
 * @param name the local file name, for messages
 * @param bytes the whole content
 */
@SuppressWarnings("ArrayRecordComponent") // Read once and dropped.
record DataText(String name, byte[] bytes) {
    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_LINES = 5_000_000;

    /**
     * Reads the file.
     *
     * @param field name of the field in messages
     * @throws IOException if this machine does not have the file at present
     * @throws Refusal if the file is too large; one sentence
     */
    static DataText read(String field, String hash) throws IOException {
        Path file = DataFiles.find(hash)
                .orElseThrow(() -> new FileNotFoundException(field + " is " + hash
                        + ": no file with that hash is known here; list it, or its folder, in " + DataFiles.VARIABLE
                        + "."));
        long size = Files.size(file);
        if (size > DataFiles.MAX_BYTES) {
            throw new Refusal(
                    field + " is " + file + ", of " + size + " bytes: give at most " + DataFiles.MAX_BYTES + ".");
        }
        return new DataText(String.valueOf(file.getFileName()), Utf8Files.bytes(file, (int) DataFiles.MAX_BYTES));
    }

    /**
     * Returns the lines, without a byte order mark and line terminators. The last line may lack a
     * terminator.
     *
     * @throws Refusal if the file is not UTF-8 text, or if it has too many lines or one too long;
     *     one sentence
     */
    List<String> lines() {
        List<String> lines =
                Utf8Files.decode(bytes, name).lines().limit(MAX_LINES + 1L).toList();
        if (lines.size() > MAX_LINES) {
            throw new Refusal(name + " has more than " + MAX_LINES + " lines: give a part of it.");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > MAX_CHARACTERS) {
                throw new Refusal(name + " has " + lines.get(i).length() + " characters in line " + (i + 1)
                        + ": give at most " + MAX_CHARACTERS + " a line.");
            }
        }
        return lines;
    }
}
