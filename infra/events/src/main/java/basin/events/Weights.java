package basin.events;

/**
 * What a checkpoint's chunks amount to. Where they lie in the log travels in record headers, for an import moves them.
 *
 * @param bytes length of the whole
 * @param chunks number of chunks
 * @param sha256 of the whole, 64 hexadecimal digits
 * @param format of the bytes, {@code safetensors}
 */
public record Weights(long bytes, int chunks, String sha256, String format) {
    public Weights {
        if (bytes < 1 || chunks < 1 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("weights are " + bytes + " bytes in " + chunks + " chunks with SHA-256 '"
                    + sha256 + "': give positive sizes and 64 hexadecimal digits.");
        }
    }
}
