package basin.lm.text;

import basin.events.DataFiles;
import basin.events.spec.Refusal;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a file that a record names by its hash.
 *
 * @param name the file's own name here, for messages
 * @param bytes all of it
 */
@SuppressWarnings("ArrayRecordComponent") // Read once and dropped.
record DataText(String name, byte[] bytes) {
    private static final int MOST_CHARACTERS = 1_000_000;

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
        if (size > DataFiles.MOST_BYTES) {
            throw new Refusal(
                    field + " is " + file + ", of " + size + " bytes: give at most " + DataFiles.MOST_BYTES + ".");
        }
        return new DataText(String.valueOf(file.getFileName()), Files.readAllBytes(file));
    }

    /**
     * Its lines, without a byte order mark and the ends of the lines; the last may be without one.
     *
     * @throws Refusal in one sentence, where it is no UTF-8 text or has a line that is too long
     */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        // A decoder that is told of no other way refuses what is no UTF-8.
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder()))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.length() > MOST_CHARACTERS) {
                    throw new Refusal(name + " has " + line.length() + " characters in line " + (lines.size() + 1)
                            + ": give at most " + MOST_CHARACTERS + " a line.");
                }
                lines.add(lines.isEmpty() && line.startsWith("\ufeff") ? line.substring(1) : line);
            }
        } catch (CharacterCodingException notText) {
            throw new Refusal(name + " is no UTF-8 text after line " + lines.size() + ": convert it first.", notText);
        } catch (IOException impossible) {
            throw new IllegalStateException("Bytes in memory can be read.", impossible);
        }
        return lines;
    }
}
