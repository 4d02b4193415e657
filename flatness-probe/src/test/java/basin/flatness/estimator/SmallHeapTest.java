package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import basin.language.Grammars;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.Parameter;
import basin.network.folder.FolderModel;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what memory a measurement takes, on the Java heap and beside it. */
class SmallHeapTest {
    static final int WORDS = 6;
    private static final EncoderShape SHAPE = new EncoderShape(WORDS, 4, 512, 3, 4, 2048);
    private static final int HEAP_MEGABYTES = 32;
    private static final Path OPTIONS = Path.of("../infra/cli/jvm.options");

    @TempDir
    private Path folder;

    @Test
    void aModelIsMeasuredOnAHeapSmallerThanItsWeights() throws IOException, InterruptedException {
        float[] theta = new float[SHAPE.parameterCount()];
        SplittableRandom random = new SplittableRandom(3);
        for (Parameter parameter : SHAPE.parameters()) {
            for (int i = parameter.offset(); i < parameter.end(); i++) {
                theta[i] = parameter.isGain() ? 1 : (float) (0.1 * random.nextDouble() - 0.05);
            }
        }
        EncoderFolder.write(folder, SHAPE, theta, Grammars.tree(2, 3, 2, WORDS, 1));
        Process measuring = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MEGABYTES + "m",
                        "@" + OPTIONS,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(measuring.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(measuring.waitFor()).as(said).isZero();
        String[] heapAndForms = said.lines().toList().getLast().split(" ", 2);
        assertThat(Long.parseLong(heapAndForms[0])).isLessThan((long) Float.BYTES * theta.length);
        assertThat(heapAndForms[1]).isEqualTo(Arrays.toString(SmallHeap.forms(FolderModel.open(folder))));
    }

    @Test
    void forwardPassesTakeTwelveBytesAParameterAndWhatDoesNotFitIsRefused() {
        EstimatorSpec requested = new EstimatorSpec(Estimator.HESSIAN_SPLIT, 40, 16, 1);
        MemoryNeed need = MemoryNeed.of(SHAPE.network(), SmallHeap.batch(0), requested, DataType.FLOAT32, 2);
        assertThat(need.perParameter()).isEqualTo(12);
        assertThat(need.bytes()).isEqualTo(12L * SHAPE.parameterCount() + need.batch());
        need.check(need.bytes());
        assertThatThrownBy(() -> need.check(need.bytes() - 1))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith(
                        "this measurement needs about 0.12 GB of memory (12 bytes for each of 9,732,106 parameters, ")
                .hasMessageContaining("on 2 threads), and 0.12 GB are free: give a smaller batch");
        assertThat(MemoryNeed.of(SHAPE.network(), SmallHeap.batch(0), requested, DataType.FLOAT64, 1)
                        .perParameter())
                .isEqualTo(24);
    }

    @Test
    void moreScoresAndMoreProductsTakeMore() {
        EstimatorSpec split = new EstimatorSpec(Estimator.HESSIAN_SPLIT, 40, 16, 1);
        EncoderShape large = new EncoderShape(50_000, 4, 16, 1, 2, 32);
        MemoryNeed few = MemoryNeed.of(large.network(), SmallHeap.batch(0).part(0, 1), split, DataType.FLOAT32, 1);
        MemoryNeed many = MemoryNeed.of(large.network(), SmallHeap.batch(0), split, DataType.FLOAT32, 1);
        assertThat(many.batch()).isGreaterThan(2 * few.batch());
        for (Estimator estimator : Estimator.values()) {
            if (estimator.hasProbes()) {
                EstimatorSpec other = new EstimatorSpec(estimator, 80, 128, 1);
                assertThat(MemoryNeed.of(large.network(), SmallHeap.batch(0), other, DataType.FLOAT32, 1)
                                .perParameter())
                        .as("%s", estimator)
                        .isBetween(4L, 400L);
            }
        }
        assertThat(MemoryNeed.free()).isBetween(1L << 20, 1L << 50);
    }
}
