package basin.network.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Tensor operations, exact gradients and Hessian-vector products of losses that Java code computes.
 *
 * <p>DJL's own backward pass accumulates into leaves, and its second-order graph leaks. Here a
 * gradient is one call of a small TorchScript program that calls autograd, so that nothing
 * accumulates and the graph is freed with its arrays.
 *
 * <p>Call from platform threads only, because recording is a property of the native thread.
 * Thread-safe.
 */
public final class Torch {
    private static final NDManager FOREVER = startEngine();
    /** Scopes that may still be open; weak references, because closed scopes do not matter. */
    private static final Set<NDManager> SCOPES =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private static final PtSymbolBlock GRADIENT = load(false, false);
    private static final PtSymbolBlock GRADIENT_KEEPING_GRAPH = load(true, false);
    private static final PtSymbolBlock GRADIENT_WITH_GRAPH = load(true, true);

    private Torch() {}

    /**
     * Loads the engine now. A process does so before it takes work, because after running out of
     * memory during loading, the same process cannot load the engine again.
     */
    public static void load() {
        // The call initialises the class.
        Objects.requireNonNull(FOREVER);
    }

    /**
     * Returns a new scope on the {@linkplain Devices#use chosen device}. Closing it frees all
     * arrays created in it.
     */
    public static NDManager scope() {
        return track(Devices.current().newSubManager());
    }

    /** Returns a scope within another, whose closing also closes it. */
    public static NDManager scope(NDManager outer) {
        return track(outer.newSubManager());
    }

    private static NDManager track(NDManager scope) {
        SCOPES.add(scope);
        return scope;
    }

    /**
     * Returns the number of arrays in native memory, created in an open scope or in none. When no
     * work is in progress, it is the same after every work item, unless something leaks.
     */
    public static int liveArrays() {
        Set<NDManager> open = new HashSet<>();
        synchronized (SCOPES) {
            SCOPES.stream().filter(NDManager::isOpen).forEach(open::add);
        }
        open.add(FOREVER);
        open.addAll(Devices.managers());
        open.add(FOREVER.getParentManager());
        return open.stream().mapToInt(scope -> scope.getManagedArrays().size()).sum();
    }

    /** Runs with recording, so that gradients with respect to leaves can be computed. */
    public static <T> T recording(Callable<T> work) {
        return inMode(true, work);
    }

    /** Runs without recording, which is faster and keeps nothing for a backward pass. */
    public static <T> T unrecorded(Callable<T> work) {
        return inMode(false, work);
    }

    /**
     * Returns the dtype of that name, {@code float32} or {@code float64}, as in {@link
     * basin.study.PlatformSpec}.
     *
     * @throws IllegalArgumentException if the name is neither
     */
    public static DataType dtype(String name) {
        return switch (name) {
            case "float32" -> DataType.FLOAT32;
            case "float64" -> DataType.FLOAT64;
            default -> throw new IllegalArgumentException("The dtype is '" + name + "': give float32 or float64.");
        };
    }

    /** Marks an array as a leaf for gradients, and returns it. */
    public static NDArray leaf(NDArray array) {
        array.setRequiresGradient(true);
        return array;
    }

    /**
     * Returns ∂loss/∂leaf, and frees the graph.
     *
     * @param loss a scalar computed from the leaf while {@linkplain #recording recording}
     */
    public static NDArray gradient(NDArray loss, NDArray leaf) {
        return gradients(GRADIENT, loss, List.of(leaf)).singletonOrThrow();
    }

    /**
     * Returns ∂loss/∂leaf for each leaf from one backward pass, and frees the graph. The loss must
     * depend on every leaf.
     */
    public static NDList gradients(NDArray loss, List<NDArray> leaves) {
        return gradients(GRADIENT, loss, leaves);
    }

    /** Returns ∂loss/∂leaf as an array that can itself be differentiated. */
    public static NDArray gradientWithGraph(NDArray loss, NDArray leaf) {
        return gradients(GRADIENT_WITH_GRAPH, loss, List.of(leaf)).singletonOrThrow();
    }

    /**
     * Returns the exact Hessian-vector products ∂⟨g, v⟩/∂leaf for each leaf from one backward pass,
     * and keeps the graph for further products.
     *
     * @param gradientWithGraph result of {@link #gradientWithGraph}
     * @param leaves leaves on which the gradient depends
     * @param v vector as long as the gradient
     */
    public static NDList products(NDArray gradientWithGraph, List<NDArray> leaves, NDArray v) {
        return gradients(GRADIENT_KEEPING_GRAPH, gradientWithGraph.mul(v).sum(), leaves);
    }

    /**
     * Returns rows of a table by index. No row is special, so no gradient is dropped. Twice
     * differentiable.
     *
     * @param indices int64, any shape
     * @param table two-dimensional
     * @return shape of the indices followed by the table's width
     */
    public static NDArray rows(NDArray indices, NDArray table) {
        return table.getNDArrayInternal()
                .embedding(indices, table, SparseFormat.DENSE)
                .singletonOrThrow();
    }

    /**
     * Returns x times a number, in the dtype of x. Use it wherever a backward pass may follow.
     * DJL's own operations with a number leave a scalar in Java's memory in the graph, and that
     * memory may be freed before the backward pass reads it.
     */
    public static NDArray scaled(NDArray x, double factor) {
        try (NDArray constant = constant(x, factor)) {
            return x.mul(constant);
        }
    }

    /** Returns a number in the engine's own memory, which the graph keeps, in the dtype of x. */
    private static NDArray constant(NDArray x, double value) {
        return x.getManager().zeros(new Shape(), x.getDataType()).addi(value);
    }

    /** Returns x·Wᵀ + b over the last axis; without b if it is null. */
    public static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        return JniUtils.linear((PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias);
    }

    /** Returns layer normalisation over the last axis, with gain and bias. */
    public static NDArray layerNorm(NDArray x, NDArray gain, NDArray bias, double epsilon) {
        return JniUtils.layerNorm((PtNDArray) x, gain.getShape(), (PtNDArray) gain, (PtNDArray) bias, epsilon);
    }

    /** Returns x/√(mean x² + ε) over the last axis. Twice differentiable. */
    public static NDArray rmsNorm(NDArray x, double epsilon) {
        int last = x.getShape().dimension() - 1;
        NDArray mean = x.mul(x).mean(new int[] {last}, true);
        return x.div(mean.add(constant(x, epsilon)).sqrt());
    }

    /** Returns x with numbers beyond ±bound replaced by ±bound, where it is not differentiable. */
    public static NDArray clamp(NDArray x, double bound) {
        return x.minimum(constant(x, bound)).maximum(constant(x, -bound));
    }

    /** Returns 1/(1 + exp(−x)). */
    public static NDArray sigmoid(NDArray x) {
        return x.getNDArrayInternal().sigmoid();
    }

    /** Returns x·Φ(x), the exact GELU. */
    public static NDArray gelu(NDArray x) {
        return x.getNDArrayInternal().gelu();
    }

    /**
     * Splits a one-dimensional array into consecutive parts. The backward pass is one
     * concatenation.
     */
    public static NDList split(NDArray vector, long[] lengths) {
        return JniUtils.split((PtNDArray) vector, lengths, 0);
    }

    /** Returns a view of the same numbers in another shape. */
    public static NDArray view(NDArray array, long... shape) {
        return array.reshape(new Shape(shape));
    }

    /**
     * Returns numbers as an array of a dtype, float32 or float64, and a shape. Each number is
     * rounded before it enters the engine.
     */
    public static NDArray array(NDManager scope, double[] values, DataType dtype, long... sizes) {
        if (dtype == DataType.FLOAT64) {
            return scope.create(values, new Shape(sizes));
        }
        float[] single = new float[values.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = (float) values[i];
        }
        return scope.create(single, new Shape(sizes));
    }

    /** Returns a vector whose numbers are yet to be {@linkplain #assign assigned}. */
    public static NDArray empty(NDManager scope, DataType dtype, long size) {
        return scope.create(new Shape(size), dtype);
    }

    /**
     * Returns another handle of the same numbers, which is freed with {@code scope}, has no graph,
     * and may be made a {@linkplain #leaf leaf}. Several threads may each have their own.
     */
    public static NDArray alias(NDManager scope, NDArray array) {
        NDArray alias = JniUtils.detachGradient((PtNDArray) array);
        alias.attach(scope);
        return alias;
    }

    /** Returns a view of rows {@code from} to {@code to}, exclusive, freed with {@code scope}. */
    public static NDArray piece(NDManager scope, NDArray array, long from, long to) {
        NDArray piece = JniUtils.slice((PtNDArray) array, 0, from, to, 1);
        piece.attach(scope);
        return piece;
    }

    /**
     * Copies numbers into a vector, rounded to its dtype.
     *
     * @param from index in the vector of the first one
     */
    public static void assign(NDArray vector, long from, NDArray numbers) {
        JniUtils.indexSet(
                (PtNDArray) vector,
                (PtNDArray) numbers,
                new long[] {from},
                new long[] {from + numbers.size()},
                new long[] {1});
    }

    /**
     * Returns numbers in float64, in memory that is freed when {@code memory} is closed, and not at
     * the next garbage collection.
     *
     * @param memory arena to be closed after the scope
     * @param count how many, from the first place of {@code numbers} on
     */
    public static NDArray lent(NDManager scope, Arena memory, double[] numbers, int count) {
        MemorySegment own = memory.allocate(ValueLayout.JAVA_DOUBLE, count);
        MemorySegment.copy(numbers, 0, own, ValueLayout.JAVA_DOUBLE, 0, count);
        return lent(scope, own, DataType.FLOAT64, count);
    }

    /**
     * Returns native memory as an array.
     *
     * @param numbers row-major, in the dtype and the machine's byte order; to live longer than the
     *     scope
     */
    public static NDArray lent(NDManager scope, MemorySegment numbers, DataType dtype, long... sizes) {
        return scope.create(numbers.asByteBuffer().order(ByteOrder.nativeOrder()), new Shape(sizes), dtype);
    }

    /** Returns the sums of the numbers so far along the last axis of a table. */
    public static NDArray cumulative(NDArray table) {
        return table.cumSum(1);
    }

    /** Returns an array's numbers, row-major, in float64. */
    public static double[] doubles(NDArray array) {
        return array.getDataType() == DataType.FLOAT64
                ? array.toDoubleArray()
                : array.toType(DataType.FLOAT64, false).toDoubleArray();
    }

    private static NDList gradients(PtSymbolBlock program, NDArray loss, List<NDArray> leaves) {
        NDList inputs = new NDList(loss);
        for (NDArray leaf : leaves) {
            leaf.setName("leaves[]");
            inputs.add(leaf);
        }
        NDList result = IValueUtils.forward(program, inputs, true);
        result.attach(loss.getManager());
        return result;
    }

    private static <T> T inMode(boolean recording, Callable<T> work) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(recording);
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    private static NDManager startEngine() {
        NDManager manager = NativeEngine.get().newBaseManager(Device.cpu());
        EngineLog.heedEnvironment();
        return manager;
    }

    private static PtSymbolBlock load(boolean keepGraph, boolean createGraph) {
        try (InputStream program = TorchScript.gradientProgram(keepGraph, createGraph)) {
            return JniUtils.loadModule((PtNDManager) FOREVER, program, false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
