package basin.record;

import basin.study.Refusal;

/**
 * What a checkpoint's chunks amount to. Where they lie in the log travels in record headers, for an import moves them.
 *
 * @param bytes length of the whole
 * @param chunks number of chunks
 * @param sha256 of the whole, 64 hexadecimal digits
 * @param format of the bytes, {@code safetensors}, or {@link #FOLDER}
 */
public record Weights(long bytes, int chunks, String sha256, String format) {
    /** The format of weights that are not in the log but in a folder, known by the hash of its files; they have no chunks. */
    public static final String FOLDER = "folder";

    public Weights {
        if (bytes < 1 || chunks < (format.equals(FOLDER) ? 0 : 1) || !sha256.matches("[0-9a-f]{64}")) {
            throw new Refusal("weights are " + bytes + " bytes in " + chunks + " chunks with SHA-256 '" + sha256
                    + "': give positive sizes and 64 hexadecimal digits.");
        }
    }
}
