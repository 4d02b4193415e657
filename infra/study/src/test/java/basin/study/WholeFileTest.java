package basin.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a file or folder is complete or as before, and that nothing else is left. */
class WholeFileTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileAppearsWhenItIsWritten() throws IOException {
        Path file = folder.resolve("table.csv");
        WholeFile.write(file, place -> {
            Files.writeString(place, "τ,");
            assertThat(file).doesNotExist();
            Files.writeString(place, "τ,p");
        });
        assertThat(file).hasContent("τ,p");
        WholeFile.write(file, "other");
        assertThat(file).hasContent("other");
        assertThat(names()).containsExactly("table.csv");
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("table.csv");
        WholeFile.write(file, "old");
        assertThatThrownBy(() -> WholeFile.write(file, place -> {
                    Files.writeString(place, "ne");
                    throw new IOException("full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("full");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("table.csv");
    }

    @Test
    void aFolderReplacesAnEmptyOneAndWhatAKilledProcessLeft() throws IOException {
        Path exported = Files.createDirectory(folder.resolve("model"));
        Files.writeString(Files.createDirectory(folder.resolve("model.part")).resolve("config.json"), "{");
        WholeFile.write(exported, place -> {
            Files.createDirectory(place);
            Files.writeString(place.resolve("weights"), "w");
            assertThat(exported).isEmptyDirectory();
        });
        assertThat(exported).isDirectoryContaining(file -> file.endsWith("weights"));
        assertThat(names()).containsExactly("model");
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path file = Files.writeString(folder.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file.getFileName());
        WholeFile.write(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("link.json", "real.json");
    }
}
