package basin.cli.command;

import basin.aggregator.AggregatorService;
import basin.aggregator.Replay;
import basin.aggregator.present.Numbers;
import basin.aggregator.view.ResultFiles;
import basin.aggregator.view.StudyView;
import basin.cli.ingest.Ingestion;
import basin.cli.ingest.ManifestProposal;
import basin.log.KafkaEndpoint;
import basin.service.ServiceConfig;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.file.FileNames;
import basin.study.file.IngestFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts another program's checkpoints on record as they appear. */
@Command(
        name = "ingest",
        header = "Measures checkpoints that another program writes.",
        description =
                "Records checkpoints, their flatness and your scores as they appear; infra/docs/own-checkpoints.md"
                        + " shows how. The default record is .basin/STUDY in the current folder.",
        footer = {
            "  ${ROOT-COMMAND-NAME} ingest --watch checkpoints --scores scores.csv --once",
            "    Measures the checkpoints that are there, and ends."
        })
public final class IngestCommand extends PrintingCommand {
    private static final long EVENT_BYTES = 10_000_000;

    @Mixin
    private RecordPlace place = new RecordPlace();

    @Option(
            names = "--watch",
            required = true,
            paramLabel = "DIR",
            description =
                    "Required. Folder with basin.yaml (or basin.json), the text that it names, and one folder per run"
                            + " with one folder per checkpoint: RUN/step-N or RUN/checkpoint-N. Without basin.yaml the"
                            + " command writes one from what it finds, for you to check.")
    private Path folder;

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description =
                    "CSV file of scores (run,step,task,score,stderr,n), JSON results of lm-evaluation-harness, or a"
                            + " folder of these. May be given several times, and may appear later.")
    private List<Path> scores = List.of();

    @Option(names = "--once", description = "Measures what is there and ends, instead of watching until Ctrl-C.")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Time between two looks at the folder; default: ${DEFAULT-VALUE}.")
    private Duration every;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8642",
            description =
                    "While it watches, unless on a Kafka cluster: port of the page on 127.0.0.1, 0 for any free one;"
                            + " default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "With --once: also writes all tables to this folder, as CSV and Arrow, and view.json.")
    private Optional<Path> results = Optional.empty();

    @Option(names = "--full", description = "With --once: prints all comparisons, not only those that answer.")
    private boolean full;

    @Override
    int run(PrintWriter out) throws Exception {
        if (every.isZero()) {
            throw new Refusal("--every is 0: give at least 1 second.");
        }
        if (results.isPresent() && !once) {
            throw new Refusal("--out is given without --once: while it watches the page has all results.");
        }
        Optional<Path> found = manifest();
        if (found.isEmpty()) {
            return propose(out);
        }
        IngestFile.Manifest manifest = IngestFile.read(found.get());
        Path text = FileNames.beside(folder, manifest.text(), "text");
        if (!Files.isRegularFile(text)) {
            throw new Refusal(
                    "text is " + manifest.text() + ", and " + text + " is no file: put the text beside the manifest.");
        }
        results.ifPresent(into -> Preflight.writable("--out", into));
        // The record is consistent at any time, so nothing has to be closed before an interrupt.
        onInterrupt("Interrupted; the same command resumes here and measures nothing twice.");
        Terminal terminal = Terminal.of(out);
        ProgressPrinter progress = new ProgressPrinter(notes());
        try (RecordPlace.Open record = place.openOrBegin(EVENT_BYTES, Optional.of(manifest.study()));
                Ingestion ingestion = new Ingestion(
                        record.endpoint(), folder, manifest, scores, !once, new Told(terminal, progress))) {
            remarks(terminal).line("Study " + ingestion.studyId() + " is recorded.");
            progress.begin(0);
            return once ? once(record.endpoint(), ingestion, terminal) : watch(record, ingestion, terminal, progress);
        }
    }

    /** The words of an ingestion: messages are results, and progress is a remark. */
    private record Told(Terminal terminal, ProgressPrinter printer) implements Ingestion.Listener {
        @Override
        public void says(String sentence) {
            printer.end();
            terminal.line(sentence);
        }

        @Override
        public void progress(int done, int all, double share) {
            printer.share(share, done + " of " + Numbers.plural(all, "checkpoint"));
        }
    }

    private Optional<Path> manifest() {
        return List.of("basin.yaml", "basin.yml", "basin.json").stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    /** Writes a manifest for the user to check. */
    private int propose(PrintWriter terminal) throws IOException {
        String proposal = ManifestProposal.of(folder);
        Path file = folder.resolve("basin.yaml");
        Files.writeString(file, proposal, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        terminal.println("There was no manifest. " + file + " is one, made from what lies in " + folder + ":");
        terminal.println();
        terminal.print(proposal.indent(2));
        terminal.println();
        terminal.println("Check it, then give the same command again.");
        return INCOMPLETE;
    }

    private int once(KafkaEndpoint endpoint, Ingestion ingestion, Terminal terminal)
            throws IOException, InterruptedException, TimeoutException {
        Ingestion.Look look = ingestion.look();
        StudyView view = Replay.read(endpoint, Optional.empty(), (read, all) -> {})
                .answer(ingestion.studyId(), QuestionSpec.OWN)
                .view();
        Answers.print(terminal, view, full);
        terminal.line(reported(look));
        if (results.isPresent()) {
            ResultFiles.write(view, results.get());
            terminal.line("Results: " + ShownPath.of(results.get()));
        }
        return look.waiting() + look.refused() + look.absent() + look.unplaced() == 0 ? 0 : INCOMPLETE;
    }

    private int watch(RecordPlace.Open record, Ingestion ingestion, Terminal terminal, ProgressPrinter progress)
            throws IOException, InterruptedException, TimeoutException {
        Optional<AggregatorService> page = record.own()
                .map(broker ->
                        AggregatorService.start(ServiceConfig.onLoopback("aggregator", port), record.endpoint()));
        try {
            page.ifPresent(shown -> remarks(terminal).line("Page: " + shown.address()));
            String before = "";
            while (true) {
                progress.begin(0);
                String now = reported(ingestion.look());
                if (!now.equals(before)) {
                    terminal.line(now);
                    before = now;
                }
                Thread.sleep(every);
            }
        } finally {
            page.ifPresent(AggregatorService::close);
        }
    }

    private static String reported(Ingestion.Look look) {
        return look.taken() + " checkpoints are recorded, " + look.waiting() + " are waited for, " + look.refused()
                + " checkpoints or scores are refused"
                + (look.absent() == 0 ? "." : ", " + look.absent() + " runs have no checkpoint.")
                + (look.unplaced() == 0 ? "" : " " + look.unplaced() + " scores wait for their checkpoints.");
    }
}
