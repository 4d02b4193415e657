package basin.flatness.bench;

import basin.language.GrammarFile;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.FunctionPreservingExpansion;
import basin.network.Weights;
import basin.network.folder.FolderModel;
import basin.study.EmbeddingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes an exported encoder embedded in a larger architecture, its function unchanged: {@code Enlarged MODEL TO RATIO LAYERS}, with
 * RATIO times the width, the heads and the hidden units.
 */
public final class Enlarged {
    private Enlarged() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        int ratio = Integer.parseInt(arguments[2]);
        FolderModel own = FolderModel.open(from);
        EncoderShape shape = EncoderShape.of(own.network())
                .orElseThrow(
                        () -> new IllegalArgumentException(from + " is no encoder that infra/basin export wrote."));
        EncoderShape larger = new EncoderShape(
                shape.words(),
                shape.longest(),
                shape.width() * ratio,
                Integer.parseInt(arguments[3]),
                shape.heads() * ratio,
                shape.intermediate() * ratio);
        EncoderFolder.write(
                Files.createDirectories(Path.of(arguments[1])),
                larger,
                Weights.narrowed(FunctionPreservingExpansion.of(shape, larger, EmbeddingRecipe.TILED)
                        .apply(own.theta())),
                GrammarFile.read(from.resolve("language.json")));
    }
}
