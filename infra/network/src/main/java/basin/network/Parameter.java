package basin.network;

/**
 * One named tensor of a network and its place in the flat parameter vector.
 *
 * @param name as in Hugging Face's state dict of the same layout
 * @param shape sizes, row-major
 * @param offset of its first number in the flat vector
 * @param decays whether weight decay applies: neither biases nor LayerNorm
 */
@SuppressWarnings("ArrayRecordComponent") // Made once a shape and read often.
public record Parameter(String name, long[] shape, int offset, boolean decays) {
    /** How many numbers it holds. */
    public int size() {
        int size = 1;
        for (long length : shape) {
            size = Math.multiplyExact(size, Math.toIntExact(length));
        }
        return size;
    }

    /** Where it ends in the flat vector: the place after its last number. */
    public int end() {
        return Math.addExact(offset, size());
    }

    /** Whether it is a LayerNorm's gain: of all weights these alone are a row and do not decay. */
    public boolean isGain() {
        return !decays && name.endsWith(".weight");
    }
}
