package basin.flatness.estimator;

import ai.djl.ndarray.types.DataType;
import basin.network.TokenBatch;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.study.Seeds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.hipparchus.stat.StatUtils;

/** A program that measures an encoder in a folder, for a JVM with a small heap. */
final class SmallHeap {
    private static final int SENTENCES = 4;

    private SmallHeap() {}

    /**
     * Prints the size of the heap and the numbers measured.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) {
        FolderModel model = FolderModel.open(Path.of(arguments[0]));
        System.out.println(Runtime.getRuntime().maxMemory() + " " + Arrays.toString(forms(model)));
        System.exit(0);
    }

    /** Returns v'Hv, v'Fv and tr F of one batch, all that tr H is made of. */
    static double[] forms(FolderModel model) {
        TokenBatch batch = batch(0);
        try (NetworkSurface surface =
                        NetworkSurface.of(model.network(), model.weights(), DataType.FLOAT32, Workers.of(2));
                Midpoint middle = surface.midpoint(batch)) {
            Direction signs = ProbeSampler.signs(3, 0, 0, surface.parameters());
            ForwardForms.Forms forms = ForwardForms.of(middle, batch.size(), signs, 0.3);
            double[] norms = surface.gradientNorms(batch, ProbeSampler.outputSigns(3, 0, 0));
            return new double[] {forms.hessian(), forms.fisher(), StatUtils.mean(norms)};
        }
    }

    static TokenBatch batch(int pair) {
        RandomGenerator random = Seeds.generator(3, "lines", pair);
        int[][] sentences = new int[SENTENCES][];
        Arrays.setAll(sentences, i -> random.ints(3, 0, SmallHeapTest.WORDS).toArray());
        return TokenBatch.masked(sentences, new int[SENTENCES]);
    }
}
