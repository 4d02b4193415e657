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
 * What is in a file that a record names by its hash.
 *
 * @param name the file's own name here, for messages
 * @param bytes all of it
 */
@SuppressWarnings("ArrayRecordComponent") // Read once and dropped.
record DataText(String name, byte[] bytes) {
    private static final int MAX_CHARACTERS = 1_000_000;

    /**
     * Reads the file.
     *
     * @param field names it in messages
     * @throws IOException where this machine does not have it now
     * @throws Refusal in one sentence, where it is larger than can be held
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
     * Its lines, without a byte order mark and the ends of the lines; the last may be without one.
     *
     * @throws basin.study.Refusal if it is no UTF-8 text
     * @throws Refusal in one sentence, where it has a line that is too long
     */
    List<String> lines() {
        List<String> lines = Utf8Files.decode(bytes, name).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > MAX_CHARACTERS) {
                throw new Refusal(name + " has " + lines.get(i).length() + " characters in line " + (i + 1)
                        + ": give at most " + MAX_CHARACTERS + " a line.");
            }
        }
        return lines;
    }
}
