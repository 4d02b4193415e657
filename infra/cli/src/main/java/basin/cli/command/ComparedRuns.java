package basin.cli.command;

import basin.aggregator.Replay;
import basin.cli.document.StudyReference;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.file.QuestionFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that select the runs of a study to compare, the loss level, and the accuracy. */
final class ComparedRuns extends RecordSource {
    @Option(
            names = "--level",
            paramLabel = "NATS",
            description = "Loss at which runs are compared; default: the level of the study that most runs reach.")
    Optional<Double> level = Optional.empty();

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Task whose accuracy counts; default: the study's first.")
    Optional<String> task = Optional.empty();

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            description = "Protocol that measures the accuracy; default: the study's first.")
    Optional<String> protocol = Optional.empty();

    @Option(
            names = "--analysis",
            paramLabel = "FILE",
            description = "A question file with other runs, measures, band, confidence, resamples or seed.")
    private Optional<Path> analysis = Optional.empty();

    /** The record that was read, the selected study, and the question. */
    record Compared(Replay replay, String studyId, QuestionSpec question) {
        /** Returns the study, for documents. */
        StudyReference study() {
            return replay.studies().stream()
                    .filter(one -> one.studyId().equals(studyId))
                    .map(one -> new StudyReference(one.studyId(), one.name(), one.state(), one.revision()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Reads the record, and shows the progress. */
    Compared compared() throws Exception {
        QuestionSpec question = QuestionFile.read(analysis);
        if (level.isPresent() && !(level.get() > 0 && Double.isFinite(level.get()))) {
            throw new Refusal("--level is " + level.get() + ": give a loss above 0 nats.");
        }
        Replay replay = read(read().log(), question);
        return new Compared(replay, study(replay), question);
    }
}
