package basin.cli.ingest;

import basin.study.Refusal;
import basin.study.file.IngestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The readers of an ingestion without its Kafka, for the fuzzing of all readers. */
public final class IngestReaders {
    private IngestReaders() {}

    /**
     * Reads a file of scores.
     *
     * @throws Refusal the first sentence about a refused file or line
     */
    public static void scores(Path file, IngestFile.Manifest manifest) {
        for (String sentence : ScoreFiles.read(List.of(file), manifest).refused()) {
            throw new Refusal(sentence);
        }
    }

    /**
     * Looks at the checkpoints of a run, as before each is measured.
     *
     * @throws Refusal if one is refused
     */
    public static void checkpoints(Path folder, String run) throws IOException {
        for (CheckpointFolder one : CheckpointFolder.of(folder, run)) {
            one.check();
            CheckpointFolder.Content _ = one.content();
        }
    }
}
