package basin.cli.command;

import basin.aggregator.Replay;
import basin.aggregator.StudiesOnRecord.Study;
import basin.cli.transfer.KnownStudies;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which study of which record a command reads. */
final class RecordSource {
    @Mixin
    private RecordPlace source = new RecordPlace();

    @Option(
            names = "--study",
            paramLabel = "ID|NAME",
            description = "Which study; may be left out where the record holds one.")
    private Optional<String> study = Optional.empty();

    /** Opens the record. */
    RecordPlace.Open open() throws InterruptedException {
        return source.open();
    }

    /** Reads the record up to the question's time, with the progress on a terminal. */
    Replay read(RecordPlace.Open record, QuestionSpec question, PrintWriter out)
            throws InterruptedException, TimeoutException {
        Steps steps = new Steps(out, "records read");
        return Replay.read(record.endpoint(), question.time(), steps::at);
    }

    /** The study that was meant. */
    String study(Replay replay) {
        List<Study> known = replay.studies();
        if (study.isPresent()) {
            return KnownStudies.find(known, study.get()).studyId();
        }
        if (known.size() == 1) {
            return known.getFirst().studyId();
        }
        throw new Refusal(
                known.isEmpty()
                        ? "No study is on record: name the folder or the Kafka of one that has run."
                        : "The record holds " + known.size() + " studies: name one with --study, of "
                                + known.stream().map(Study::studyId).collect(Collectors.joining(", ")) + ".");
    }

    /** How the same record is named again by somebody who has it elsewhere. */
    String again() {
        return source.again();
    }
}
