package basin.network.folder;

import basin.network.Parameter;
import basin.network.ParameterSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a network's parameters in the files of a folder, which store its tensors in
 * another order and perhaps in another dtype. Each read reads the files, and refuses a number that
 * is not finite. Thread-safe.
 */
final class StoredParameters implements ParameterSource {
    private final List<Map.Entry<Parameter, TensorStore.Stored>> tensors;
    private final int size;

    /**
     * Creates a source.
     *
     * @param tensors every parameter in the order of the flat vector, without gaps, and its tensor
     */
    StoredParameters(Map<Parameter, TensorStore.Stored> tensors) {
        this.tensors = new ArrayList<>(tensors.entrySet());
        this.size = this.tensors.getLast().getKey().end();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void read(int from, double[] into, int count) {
        int at = tensorOf(from);
        int done = 0;
        while (done < count) {
            Parameter parameter = tensors.get(at).getKey();
            int first = from + done - parameter.offset();
            int numbers = Math.min(count - done, parameter.size() - first);
            tensors.get(at).getValue().read(first, numbers, into, done);
            done += numbers;
            at++;
        }
    }

    /** Returns the tensor that holds a number, by binary search. */
    private int tensorOf(int index) {
        int low = 0;
        int high = tensors.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tensors.get(middle).getKey().end() <= index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
