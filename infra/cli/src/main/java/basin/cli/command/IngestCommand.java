package basin.cli.command;

import basin.aggregator.AggregatorService;
import basin.aggregator.Replay;
import basin.aggregator.view.ResultFiles;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.cli.ingest.Ingestion;
import basin.log.KafkaEndpoint;
import basin.service.ServiceConfig;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.Shutdown;
import basin.study.file.FileNames;
import basin.study.file.IngestFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts another program's checkpoints on record as they appear. */
@Command(
        name = "ingest",
        description = "Measures checkpoints that another program writes, as they appear, and puts them on record with"
                + " its scores; infra/docs/your-own.md tells how.",
        sortOptions = false)
public final class IngestCommand extends PrintingCommand {
    private static final long EVENT_BYTES = 10_000_000;

    @Mixin
    private RecordPlace place = new RecordPlace();

    @Option(
            names = "--watch",
            required = true,
            paramLabel = "DIR",
            description = "Holds basin.yaml (or basin.json), the text that it names, and a folder a run with one folder"
                    + " a checkpoint: RUN/step-N.")
    private Path folder;

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description = "A CSV file of scores (run,step,task,score,stderr,n), JSON results of lm-evaluation-harness,"
                    + " or a folder of these; may be given several times, and may come later.")
    private List<Path> scores = List.of();

    @Option(names = "--once", description = "Takes what is there and ends; otherwise it goes on until Ctrl-C.")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often it looks; default: ${DEFAULT-VALUE}.")
    private int every;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8642",
            description = "With --data, while it watches: port of the page on 127.0.0.1, 0 for any free one; default:"
                    + " ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "With --once: writes the result table and all points there, as JSON and CSV.")
    private Optional<Path> out = Optional.empty();

    @Override
    int run(PrintWriter terminal) throws Exception {
        if (every < 1) {
            throw new Refusal("--every is " + every + ": give at least 1 second.");
        }
        if (out.isPresent() && !once) {
            throw new Refusal("--out is given without --once: while it watches the page has all results.");
        }
        IngestFile.Manifest manifest = IngestFile.read(manifest());
        Path text = FileNames.beside(folder, manifest.text(), "text");
        if (!Files.isRegularFile(text)) {
            throw new Refusal(
                    "text is " + manifest.text() + ", and " + text + " is no file: put the text beside the manifest.");
        }
        out.ifPresent(results -> Preflight.writable("--out", results));
        // The record is consistent at any time, so nothing has to be closed before an interrupt.
        Runnable stop =
                () -> terminal.println("Interrupted; the same command goes on from here, and takes nothing twice.");
        try (Shutdown.Step _ = Shutdown.step(stop);
                RecordPlace.Open record = place.openOrBegin(EVENT_BYTES, terminal);
                Ingestion ingestion =
                        new Ingestion(record.endpoint(), folder, manifest, scores, !once, terminal::println)) {
            terminal.println("Study " + ingestion.studyId() + " is recorded.");
            return once ? once(record.endpoint(), ingestion, terminal) : watch(record, ingestion, terminal);
        }
    }

    private Path manifest() {
        return List.of("basin.yaml", "basin.yml", "basin.json").stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "--watch " + folder + " holds no basin.yaml: write one, as infra/docs/your-own.md shows."));
    }

    private int once(KafkaEndpoint endpoint, Ingestion ingestion, PrintWriter terminal)
            throws IOException, InterruptedException, TimeoutException {
        Ingestion.Look look = ingestion.look();
        StudyView view = Replay.read(endpoint, Optional.empty(), (read, all) -> {})
                .answer(ingestion.studyId(), QuestionSpec.OWN)
                .view();
        terminal.print(ResultTable.of(view));
        terminal.println(reported(look));
        if (out.isPresent()) {
            ResultFiles.write(view, out.get());
            terminal.println("Results: " + out.get().toAbsolutePath().normalize());
        }
        return look.waiting() + look.refused() + look.absent() + look.unplaced() == 0 ? 0 : INCOMPLETE;
    }

    private int watch(RecordPlace.Open record, Ingestion ingestion, PrintWriter terminal)
            throws IOException, InterruptedException, TimeoutException {
        Optional<AggregatorService> page = record.own()
                .map(broker ->
                        AggregatorService.start(ServiceConfig.onLoopback("aggregator", port), record.endpoint()));
        try {
            page.ifPresent(shown -> terminal.println("Page: " + shown.address()));
            String before = "";
            while (true) {
                String now = reported(ingestion.look());
                if (!now.equals(before)) {
                    terminal.println(now);
                    before = now;
                }
                TimeUnit.SECONDS.sleep(every);
            }
        } finally {
            page.ifPresent(AggregatorService::close);
        }
    }

    private static String reported(Ingestion.Look look) {
        return look.taken() + " checkpoints are on record, " + look.waiting() + " are waited for, " + look.refused()
                + " checkpoints or scores are refused"
                + (look.absent() == 0 ? "." : ", " + look.absent() + " runs have no checkpoint.")
                + (look.unplaced() == 0 ? "" : " " + look.unplaced() + " scores wait for their checkpoints.");
    }
}
