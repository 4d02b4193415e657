package basin.network;

/**
 * A named tensor of a network and its place in the flat parameter vector.
 *
 * @param name name in Hugging Face's state dict of the same layout
 * @param shape sizes, row-major
 * @param offset index of its first number in the flat vector
 * @param decays whether weight decay applies, which excludes biases and LayerNorm
 */
@SuppressWarnings("ArrayRecordComponent") // Created once per shape and read often.
public record Parameter(String name, long[] shape, int offset, boolean decays) {
    /** Returns its number of elements. */
    public int size() {
        int size = 1;
        for (long length : shape) {
            size = Math.multiplyExact(size, Math.toIntExact(length));
        }
        return size;
    }

    /** Returns the index after its last number in the flat vector. */
    public int end() {
        return Math.addExact(offset, size());
    }

    /** Returns whether it is a LayerNorm's gain. Gains are the only weights that do not decay. */
    public boolean isGain() {
        return !decays && name.endsWith(".weight");
    }
}
