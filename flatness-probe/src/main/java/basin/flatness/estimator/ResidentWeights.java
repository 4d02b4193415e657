package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.network.ParameterSource;
import basin.network.engine.Devices;
import basin.network.engine.FreedMemory;
import basin.network.engine.Torch;
import basin.network.engine.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The weights θ of a measurement on its device: one master copy in the order of the network, which
 * is not that of the tensors in files. It is read from its source once, in pieces, when it is first
 * needed. Nothing changes it: perturbed weights are further copies, computed from it on the device.
 * For one thread, which may lend arrays to its workers.
 */
final class ResidentWeights implements Direction, AutoCloseable {
    /** Parameters from which on free memory is given back. */
    private static final int LONG = 1 << 23;

    private final ParameterSource source;
    private final DataType dtype;
    private final Workers workers;
    private @Nullable Copy copy;

    /**
     * A copy on a device.
     *
     * @param scope frees it
     */
    private record Copy(String device, NDManager scope, NDArray theta) {}

    ResidentWeights(ParameterSource source, DataType dtype, Workers workers) {
        this.source = source;
        this.dtype = dtype;
        this.workers = workers;
    }

    @Override
    public int size() {
        return source.size();
    }

    DataType dtype() {
        return dtype;
    }

    Workers workers() {
        return workers;
    }

    /**
     * Gives back the memory that a call has freed, if vectors are so long that it may be as much as
     * they are.
     */
    void trim() {
        if (size() >= LONG) {
            FreedMemory.giveBack();
        }
    }

    /** Returns the bytes that the copy takes; 0 before it is read. */
    long residentBytes() {
        return copy == null ? 0 : (long) size() * dtype.getNumOfBytes();
    }

    /** Returns θ on the calling thread's device; to be read through aliases only. */
    NDArray theta() {
        Copy known = copy;
        if (known == null || !known.device().equals(Devices.chosen())) {
            close();
            known = loaded();
            copy = known;
        }
        return known.theta();
    }

    private Copy loaded() {
        NDManager scope = Torch.scope();
        try {
            NDArray theta = Torch.empty(scope, dtype, size());
            double[] numbers = new double[Math.min(PIECE, size())];
            for (int from = 0; from < size(); from += PIECE) {
                int first = from;
                int count = Math.min(PIECE, size() - from);
                source.read(from, numbers, count);
                Torch.unrecorded(() -> {
                    try (Arena memory = Arena.ofConfined();
                            NDManager own = Torch.scope(scope)) {
                        Torch.assign(theta, first, Torch.lent(own, memory, numbers, count));
                        return theta;
                    }
                });
            }
            return new Copy(Devices.chosen(), scope, theta);
        } catch (RuntimeException | Error failed) {
            scope.close();
            throw failed;
        }
    }

    @Override
    public Reader reader() {
        return reader(theta());
    }

    /** Returns a reader of a vector's numbers. */
    static Reader reader(NDArray vector) {
        int[] at = new int[1];
        return (into, count) -> {
            try (NDManager scope = Torch.scope()) {
                double[] numbers = Torch.doubles(Torch.piece(scope, vector, at[0], at[0] + count));
                System.arraycopy(numbers, 0, into, 0, count);
                at[0] += count;
            }
        };
    }

    /** A piece of a direction. */
    @SuppressWarnings("ArrayRecordComponent") // Handed from one thread to another.
    private record Piece(int from, double[] numbers) {}

    /**
     * Returns θ + step·direction for each step. The direction is read once.
     *
     * @param scope frees them
     */
    List<NDArray> displaced(NDManager scope, Direction direction, double... steps) {
        NDArray theta = theta();
        List<NDArray> displaced = new ArrayList<>();
        Arrays.stream(steps).forEach(step -> displaced.add(Torch.empty(scope, dtype, size())));
        read(
                direction,
                piece -> Torch.unrecorded(() -> {
                    try (Arena memory = Arena.ofConfined();
                            NDManager own = Torch.scope(scope)) {
                        NDArray numbers = Torch.lent(own, memory, piece.numbers(), piece.numbers().length);
                        NDArray wide = Torch.piece(own, theta, piece.from(), piece.from() + numbers.size())
                                .toType(DataType.FLOAT64, false);
                        for (int i = 0; i < steps.length; i++) {
                            Torch.assign(displaced.get(i), piece.from(), wide.add(numbers.mul(steps[i])));
                        }
                        return piece;
                    }
                }));
        return displaced;
    }

    /** Returns a direction as a vector on the device. */
    NDArray vector(NDManager scope, Direction direction) {
        NDArray vector = Torch.empty(scope, dtype, size());
        read(
                direction,
                piece -> Torch.unrecorded(() -> {
                    try (Arena memory = Arena.ofConfined();
                            NDManager own = Torch.scope(scope)) {
                        Torch.assign(
                                vector, piece.from(), Torch.lent(own, memory, piece.numbers(), piece.numbers().length));
                        return piece;
                    }
                }));
        return vector;
    }

    private void read(Direction direction, UnaryOperator<Piece> work) {
        Reader reader = direction.reader();
        workers.run(
                Math.ceilDiv(size(), PIECE),
                number -> {
                    int from = number * PIECE;
                    double[] numbers = new double[Math.min(PIECE, size() - from)];
                    reader.next(numbers, numbers.length);
                    return new Piece(from, numbers);
                },
                work,
                done -> {});
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.scope().close();
            copy = null;
        }
    }
}
