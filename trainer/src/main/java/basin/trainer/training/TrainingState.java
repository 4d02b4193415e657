package basin.trainer.training;

import basin.study.AlgorithmSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a run needs to go on as if it had never stopped. Random draws are derived from the run's seed and the step, so
 * there is no generator to keep.
 *
 * @param step optimiser steps taken
 * @param tokens words seen
 * @param segment checkpoints published
 * @param reached excess targets (nats) already reached
 * @param excess the last excess loss measured, nats; infinite before the first
 * @param theta parameters that are trained
 * @param moments what the optimiser remembers, each as long as theta: AdamW's running means of gradients and squared gradients, or SGD's
 *     velocity
 * @param average what the average of the weights is made of, as long as theta; empty where the run has none
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Millions of numbers that one owner hands on: copies would cost more than they guard.
public record TrainingState(
        int step,
        long tokens,
        int segment,
        List<Double> reached,
        double excess,
        float[] theta,
        List<float[]> moments,
        double[] average) {
    /** The first form: two moments and no average. It is still written where that is all there is. */
    private static final int TWO_MOMENTS = 0x42534e31; // "BSN1"

    private static final int ANY_MOMENTS = 0x42534e32; // "BSN2"
    private static final int MOST_TARGETS = 10_000;
    private static final int MOST_MOMENTS = 2;

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

    /** A run of AdamW alone before its first step. */
    public static TrainingState initial(float[] theta) {
        return initial(theta, 2, false);
    }

    /** A run before its first step. */
    public static TrainingState initial(RunSpec spec, float[] theta) {
        return initial(
                theta,
                Optimiser.of(spec).moments(),
                spec.algorithm().part(AlgorithmSpec.Average.class).isPresent());
    }

    private static TrainingState initial(float[] theta, int moments, boolean averaged) {
        List<float[]> zeros = new ArrayList<>();
        for (int i = 0; i < moments; i++) {
            zeros.add(new float[theta.length]);
        }
        return new TrainingState(
                0, 0, 0, List.of(), Double.POSITIVE_INFINITY, theta, zeros, new double[averaged ? theta.length : 0]);
    }

    /** The same with these excess targets reached and this last excess loss, nats. */
    TrainingState having(List<Double> targets, double lastExcess) {
        return new TrainingState(step, tokens, segment, targets, lastExcess, theta, moments, average);
    }

    /** The most bytes that a state of so many parameters has. */
    public static long mostBytes(long parameters) {
        return (Float.BYTES * (1L + MOST_MOMENTS) + Double.BYTES) * parameters + 1_000_000;
    }

    /** The state's bytes; {@link #decode} gives back the same bits. */
    public byte[] encode() {
        boolean plain = moments.size() == 2 && average.length == 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 12 * theta.length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(plain ? TWO_MOMENTS : ANY_MOMENTS);
            out.writeInt(step);
            out.writeLong(tokens);
            out.writeInt(segment);
            out.writeInt(reached.size());
            for (double target : reached) {
                out.writeDouble(target);
            }
            out.writeDouble(excess);
            out.writeInt(theta.length);
            if (!plain) {
                out.writeByte(moments.size());
                out.writeBoolean(average.length > 0);
            }
            write(out, theta);
            for (float[] numbers : moments) {
                write(out, numbers);
            }
            ByteBuffer buffer =
                    ByteBuffer.allocate(Double.BYTES * average.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asDoubleBuffer().put(average);
            out.write(buffer.array());
        } catch (IOException e) {
            throw new IllegalStateException("Memory cannot refuse a write.", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, float[] numbers) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(numbers);
        out.write(buffer.array());
    }

    /**
     * Reads a state.
     *
     * @param parameters how many parameters the run's network has
     * @throws Refusal where the bytes are no state of such a run
     */
    public static TrainingState decode(byte[] bytes, int parameters) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int magic = in.readInt();
            if (magic != TWO_MOMENTS && magic != ANY_MOMENTS) {
                throw new Refusal("these bytes are no training state.");
            }
            int step = in.readInt();
            long tokens = in.readLong();
            int segment = in.readInt();
            int targets = in.readInt();
            if (targets < 0 || targets > MOST_TARGETS) {
                throw new Refusal("a training state names " + targets + " targets.");
            }
            Double[] reached = new Double[targets];
            for (int i = 0; i < targets; i++) {
                reached[i] = in.readDouble();
            }
            double excess = in.readDouble();
            int count = in.readInt();
            int moments = magic == TWO_MOMENTS ? 2 : in.readByte();
            boolean averaged = magic == ANY_MOMENTS && in.readBoolean();
            long numbers = (Float.BYTES * (1L + moments) + (averaged ? Double.BYTES : 0)) * count;
            if (count != parameters || moments < 0 || moments > MOST_MOMENTS || in.available() != numbers) {
                throw new Refusal("a training state holds " + count + " parameters and " + moments + " moments in "
                        + bytes.length + " bytes, and the run has " + parameters + " parameters.");
            }
            float[] theta = floats(in, count);
            List<float[]> remembered = new ArrayList<>();
            for (int i = 0; i < moments; i++) {
                remembered.add(floats(in, count));
            }
            return new TrainingState(
                    step,
                    tokens,
                    segment,
                    List.of(reached),
                    excess,
                    theta,
                    remembered,
                    averaged ? doubles(in, count) : new double[0]);
        } catch (IOException e) {
            throw new Refusal("a training state ends too early.", e);
        }
    }

    private static float[] floats(DataInputStream in, int count) throws IOException {
        byte[] bytes = new byte[Float.BYTES * count];
        in.readFully(bytes);
        float[] numbers = new float[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        return numbers;
    }

    private static double[] doubles(DataInputStream in, int count) throws IOException {
        byte[] bytes = new byte[Double.BYTES * count];
        in.readFully(bytes);
        double[] numbers = new double[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
        return numbers;
    }
}
