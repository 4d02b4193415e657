package basin.flatness.bench;

import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.FunctionPreservingExpansion;
import basin.network.LanguageModel;
import basin.network.folder.FolderModel;
import basin.study.ExpansionRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Embeds an exported encoder in a larger architecture with its function unchanged, and writes it:
 * {@code Enlarged MODEL TO RATIO LAYERS}, with RATIO times the width, heads and hidden units.
 */
public final class Enlarged {
    private Enlarged() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        int ratio = Integer.parseInt(arguments[2]);
        FolderModel own = FolderModel.open(from);
        Pcfg language = GrammarFile.read(from.resolve("language.json"));
        if (!(LanguageModel.reading(own.network(), language.vocabularySize())
                        .orElseThrow()
                        .shape()
                instanceof EncoderShape shape)) {
            throw new IllegalArgumentException(from + " is no encoder that infra/basin export wrote.");
        }
        EncoderShape larger = new EncoderShape(
                shape.vocabularySize(),
                shape.maxLength(),
                shape.width() * ratio,
                Integer.parseInt(arguments[3]),
                shape.heads() * ratio,
                shape.intermediate() * ratio);
        double[] enlarged = new FunctionPreservingExpansion(shape, larger, ExpansionRecipe.TILED).apply(own.theta());
        float[] theta = new float[enlarged.length];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = (float) enlarged[i];
        }
        EncoderFolder.write(Files.createDirectories(Path.of(arguments[1])), larger, theta, language);
    }
}
