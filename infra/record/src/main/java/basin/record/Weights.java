package basin.record;

import basin.study.Refusal;
import java.util.regex.Pattern;

/**
 * The weights of a checkpoint, stored in chunks. Record headers give their place in the log,
 * because an import moves them.
 *
 * @param bytes total length, in bytes
 * @param chunks number of chunks
 * @param sha256 SHA-256 of all bytes, 64 hexadecimal digits
 * @param format format of the bytes, {@code safetensors}, or {@link #FOLDER}
 */
public record Weights(long bytes, int chunks, String sha256, String format) {
    /**
     * The format of weights in a folder instead of the log, identified by the hash of its files.
     * They have no chunks.
     */
    public static final String FOLDER = "folder";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Weights {
        if (bytes < 1
                || chunks < (format.equals(FOLDER) ? 0 : 1)
                || !SHA256.matcher(sha256).matches()) {
            throw new Refusal("weights are " + bytes + " bytes in " + chunks + " chunks with SHA-256 '" + sha256
                    + "': give positive sizes and 64 hexadecimal digits.");
        }
    }
}
