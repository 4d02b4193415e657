package basin.trainer.training;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 * @param theta parameters
 * @param firstMoment AdamW's running mean of gradients
 * @param secondMoment AdamW's running mean of squared gradients
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
        float[] firstMoment,
        float[] secondMoment) {
    private static final int MAGIC = 0x42534e31; // "BSN1"
    private static final int MOST_TARGETS = 10_000;

    public TrainingState {
        reached = List.copyOf(reached);
        if (theta.length != firstMoment.length || theta.length != secondMoment.length) {
            throw new IllegalArgumentException("the moments have " + firstMoment.length + " and " + secondMoment.length
                    + " numbers: give as many as there are parameters, " + theta.length + ".");
        }
    }

    /** A run before its first step. */
    public static TrainingState initial(float[] theta) {
        return new TrainingState(
                0, 0, 0, List.of(), Double.POSITIVE_INFINITY, theta, new float[theta.length], new float[theta.length]);
    }

    /** The state's bytes; {@link #decode} gives back the same bits. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 12 * theta.length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(step);
            out.writeLong(tokens);
            out.writeInt(segment);
            out.writeInt(reached.size());
            for (double target : reached) {
                out.writeDouble(target);
            }
            out.writeDouble(excess);
            out.writeInt(theta.length);
            for (float[] numbers : List.of(theta, firstMoment, secondMoment)) {
                ByteBuffer buffer = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
                buffer.asFloatBuffer().put(numbers);
                out.write(buffer.array());
            }
        } catch (IOException e) {
            throw new IllegalStateException("Memory cannot refuse a write.", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a state.
     *
     * @param parameters how many parameters the run's network has
     * @throws IllegalArgumentException where the bytes are no state of such a run
     */
    public static TrainingState decode(byte[] bytes, int parameters) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC) {
                throw new IllegalArgumentException("these bytes are no training state.");
            }
            int step = in.readInt();
            long tokens = in.readLong();
            int segment = in.readInt();
            int targets = in.readInt();
            if (targets < 0 || targets > MOST_TARGETS) {
                throw new IllegalArgumentException("a training state names " + targets + " targets.");
            }
            Double[] reached = new Double[targets];
            for (int i = 0; i < targets; i++) {
                reached[i] = in.readDouble();
            }
            double excess = in.readDouble();
            int count = in.readInt();
            if (count != parameters || in.available() != 12L * count) {
                throw new IllegalArgumentException("a training state holds " + count + " parameters in " + bytes.length
                        + " bytes, and the run has " + parameters + ".");
            }
            return new TrainingState(
                    step,
                    tokens,
                    segment,
                    List.of(reached),
                    excess,
                    floats(in, count),
                    floats(in, count),
                    floats(in, count));
        } catch (IOException e) {
            throw new IllegalArgumentException("a training state ends too early.", e);
        }
    }

    private static float[] floats(DataInputStream in, int count) throws IOException {
        byte[] bytes = new byte[4 * count];
        in.readFully(bytes);
        float[] numbers = new float[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        return numbers;
    }
}
