package basin.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.StudiesOnRecord;
import basin.cli.broker.EmbeddedBroker;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what a run says of the record that it finds in its folder. */
class RunCommandTest {
    private static final Path RECORD = Path.of("src/main/rehearsal");
    private static final StudySpec QUICK = StudyFile.read(Path.of("../studies/quick.yaml"));

    private final StringWriter written = new StringWriter();

    private Optional<StudiesOnRecord.Study> onRecord(Path folder) {
        return RunCommand.onRecord(
                folder, QUICK, new Terminal(new PrintWriter(written), false, () -> TerminalSize.USUAL));
    }

    @Test
    void anotherStudyInTheFolderIsOneSentence() {
        String other =
                StudiesOnRecord.read(EmbeddedBroker.log(RECORD)).getFirst().studyId();
        assertThat(onRecord(RECORD)).isEmpty();
        assertThat(written.toString().lines())
                .containsExactly("Warning: src/main/rehearsal already holds " + other
                        + "; give another folder with --data to keep the studies apart.");
    }

    @Test
    void aNewFolderIsNoReasonForWords(@TempDir Path folder) {
        assertThat(onRecord(folder)).isEmpty();
        assertThat(written.toString()).isEmpty();
    }
}
