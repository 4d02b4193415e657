package basin.trainer.training;

import basin.study.AlgorithmSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.StartSpec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The complete state from which a run resumes as if it had never stopped. Random draws derive from
 * the run's seed and the step, so there is no generator state.
 *
 * @param step optimiser steps taken
 * @param tokens words seen
 * @param segment number of published checkpoints
 * @param reached excess targets (nats) already reached
 * @param excess last measured excess loss in nats; infinite before the first
 * @param theta trained parameters
 * @param moments state of the optimiser, each as long as theta: AdamW's running means of gradients
 *     and squared gradients, or SGD's velocity
 * @param average state of the weight average, as long as theta; empty if the run has none
 */
@SuppressWarnings("ArrayRecordComponent") // Millions of numbers with one owner: copies would be too expensive.
public record TrainingState(
        int step,
        long tokens,
        int segment,
        List<Double> reached,
        double excess,
        float[] theta,
        List<float[]> moments,
        double[] average) {
    /** Format 1: two moments and no average. It is still written if it is sufficient. */
    private static final int TWO_MOMENTS = 0x42534e31; // "BSN1"

    private static final int ANY_MOMENTS = 0x42534e32; // "BSN2"
    /**
     * The size of the header in bytes, without the targets: magic, step, tokens, segment, targets,
     * excess, parameters.
     */
    private static final long HEADER_BYTES = 36;

    private static final int MAX_TARGETS = 10_000;
    private static final int MAX_MOMENTS = 2;

    public TrainingState {
        reached = List.copyOf(reached);
        moments = List.copyOf(moments);
        int parameters = theta.length;
        if (moments.stream().anyMatch(one -> one.length != parameters)
                || (average.length != 0 && average.length != parameters)) {
            throw new IllegalArgumentException("the moments have "
                    + moments.stream().map(one -> one.length).toList() + " numbers and the average " + average.length
                    + ": give as many as there are parameters, " + parameters + ".");
        }
    }

    /**
     * Returns the state of a run before its first step, with zero moments. If the run starts from a
     * checkpoint, the excess targets that the checkpoint had reached count as reached.
     *
     * @param theta the weights that the run starts from
     */
    public static TrainingState initial(RunSpec spec, float[] theta) {
        double excess = spec.start().flatMap(StartSpec::excess).orElse(Double.POSITIVE_INFINITY);
        boolean averaged = spec.algorithm().part(AlgorithmSpec.Average.class).isPresent();
        return new TrainingState(
                0,
                0,
                0,
                spec.checkpoints().excess().stream()
                        .filter(target -> excess <= target)
                        .toList(),
                excess,
                theta,
                Stream.generate(() -> new float[theta.length])
                        .limit(Optimiser.of(spec).moments())
                        .toList(),
                new double[averaged ? theta.length : 0]);
    }

    /**
     * Returns an upper bound on the encoded size in bytes of a state with this number of
     * parameters.
     */
    public static long mostBytes(long parameters) {
        return (Float.BYTES * (1L + MAX_MOMENTS) + Double.BYTES) * parameters + 1_000_000;
    }

    /** Encodes the state. {@link #decode} restores it bitwise. */
    public byte[] encode() {
        boolean plain = moments.size() == 2 && average.length == 0;
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(HEADER_BYTES
                + (plain ? 0 : 2)
                + (long) Double.BYTES * (reached.size() + average.length)
                + (long) Float.BYTES * (1 + moments.size()) * theta.length));
        out.putInt(plain ? TWO_MOMENTS : ANY_MOMENTS)
                .putInt(step)
                .putLong(tokens)
                .putInt(segment);
        out.putInt(reached.size());
        reached.forEach(out::putDouble);
        out.putDouble(excess).putInt(theta.length);
        if (!plain) {
            out.put((byte) moments.size()).put((byte) (average.length > 0 ? 1 : 0));
        }
        out.order(ByteOrder.LITTLE_ENDIAN);
        write(out, theta);
        moments.forEach(numbers -> write(out, numbers));
        for (double number : average) {
            out.putDouble(number);
        }
        return out.array();
    }

    private static void write(ByteBuffer out, float[] numbers) {
        for (float number : numbers) {
            out.putFloat(number);
        }
    }

    /**
     * Decodes a state.
     *
     * @param parameters number of parameters of the run's network
     * @throws Refusal if the bytes are no state of such a run
     */
    public static TrainingState decode(byte[] bytes, int parameters) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int magic = in.getInt();
            if (magic != TWO_MOMENTS && magic != ANY_MOMENTS) {
                throw new Refusal("these bytes are no training state.");
            }
            int step = in.getInt();
            long tokens = in.getLong();
            int segment = in.getInt();
            int targets = in.getInt();
            if (targets < 0 || targets > MAX_TARGETS) {
                throw new Refusal("a training state names " + targets + " targets.");
            }
            List<Double> reached = Stream.generate(in::getDouble).limit(targets).toList();
            double excess = in.getDouble();
            int count = in.getInt();
            int moments = magic == TWO_MOMENTS ? 2 : in.get();
            boolean averaged = magic == ANY_MOMENTS && in.get() != 0;
            long numbers = (Float.BYTES * (1L + moments) + (averaged ? Double.BYTES : 0)) * count;
            if (count != parameters || moments < 0 || moments > MAX_MOMENTS || in.remaining() != numbers) {
                throw new Refusal("a training state holds " + count + " parameters and " + moments + " moments in "
                        + bytes.length + " bytes, and the run has " + parameters + " parameters.");
            }
            in.order(ByteOrder.LITTLE_ENDIAN);
            float[] theta = floats(in, count);
            List<float[]> remembered =
                    Stream.generate(() -> floats(in, count)).limit(moments).toList();
            double[] average = new double[averaged ? count : 0];
            Arrays.setAll(average, i -> in.getDouble());
            return new TrainingState(step, tokens, segment, reached, excess, theta, remembered, average);
        } catch (BufferUnderflowException e) {
            throw new Refusal("a training state ends too early.", e);
        }
    }

    private static float[] floats(ByteBuffer in, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = in.getFloat();
        }
        return numbers;
    }
}
