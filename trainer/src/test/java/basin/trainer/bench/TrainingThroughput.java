package basin.trainer.bench;

import basin.network.EncoderShape;
import basin.network.Weights;
import basin.trainer.training.TrainingSpeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The Java side of {@code trainer/bench/throughput.sh}. With arguments
 * {@code data FOLDER WORDS LONGEST WIDTH LAYERS HEADS BATCH STEPS} it writes weights and batches
 * for the other side. With {@code time}, the same arguments and a last argument {@code full} or
 * {@code shortcut} it prints the median milliseconds per step, the tokens per second and the last
 * loss.
 */
public final class TrainingThroughput {
    private TrainingThroughput() {}

    /** Runs one of the two commands. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        EncoderShape shape = new EncoderShape(
                number(arguments[2]),
                number(arguments[3]),
                number(arguments[4]),
                number(arguments[5]),
                number(arguments[6]),
                4 * number(arguments[4]));
        int batch = number(arguments[7]);
        int steps = number(arguments[8]);
        if (arguments[0].equals("data")) {
            write(folder, shape, batch, steps);
        } else {
            TrainingSpeed.Speed speed = TrainingSpeed.measure(shape, batch, steps, arguments[9].equals("shortcut"));
            System.out.printf(
                    Locale.ROOT,
                    "%.4f %.1f %.6f%n",
                    speed.millis(),
                    speed.tokens() / speed.millis() * 1000,
                    speed.lastLoss());
        }
    }

    private static void write(Path folder, EncoderShape shape, int batch, int steps) throws IOException {
        Files.write(folder.resolve("weights.safetensors"), Weights.encode(shape, TrainingSpeed.weights(shape)));
        ByteBuffer data =
                ByteBuffer.allocate(4 * steps * batch * (shape.maxLength() + 1)).order(ByteOrder.LITTLE_ENDIAN);
        for (int step = 1; step <= steps; step++) {
            int[][] sentences = TrainingSpeed.sentences(shape, batch, step);
            int[] positions = TrainingSpeed.positions(shape, batch, step);
            for (int i = 0; i < batch; i++) {
                data.putInt(positions[i]);
                for (int word : sentences[i]) {
                    data.putInt(word);
                }
            }
        }
        Files.write(folder.resolve("batches.int32"), data.array());
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }
}
