package basin.cli.transfer;

import basin.aggregator.view.ViewJson;
import basin.language.Pcfg;
import basin.language.export.DecoderFolder;
import basin.language.export.EncoderFolder;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.network.DecoderShape;
import basin.network.EncoderShape;
import basin.network.NetworkShape;
import basin.network.RecurrentShape;
import basin.network.Weights;
import basin.record.Event;
import basin.record.Measured;
import basin.record.Topic;
import basin.service.RecordView.StoredCheckpoint;
import basin.service.StoredRecord;
import basin.study.Json;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.WholeFile;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Exports a checkpoint on record to a folder that {@code transformers} opens. */
public final class CheckpointExport {
    private static final int MAX_NAMED = 12;
    private static final String ABOUT = "basin.json";

    private CheckpointExport() {}

    /**
     * The result of an export.
     *
     * @param label the run's label, for display
     * @param parameters number of the network's parameters
     * @param excess mean KL divergence from the exact conditional, nats
     */
    public record Written(String label, long parameters, Measured excess) {}

    /**
     * Writes a checkpoint to a folder, completely or not at all.
     *
     * @param folder must be empty or not exist
     * @throws Refusal if the record does not contain the checkpoint or its weights, or the network
     *     is an LSTM
     */
    public static Written write(LogSource log, String runId, int step, Path folder) throws IOException {
        try (StoredRecord record = StoredRecord.read(log);
                LogScan scan = log.scan("export")) {
            Event.RunDeclared run = record.view()
                    .run(runId)
                    .orElseThrow(() -> new Refusal(unknown(runId, record.view().runs())));
            StoredCheckpoint checkpoint = record.view()
                    .checkpoint(runId, step)
                    .orElseThrow(
                            () -> new Refusal(absent(runId, step, record.view().checkpoints(runId))));
            Findings findings = new Findings(runId, step);
            scan.read(Topic.LOSS.topicName(), findings::take);
            scan.read(Topic.FLATNESS.topicName(), findings::take);
            Pcfg language = Languages.grammar(run.spec().language(), "a folder for transformers");
            byte[] weights = record.checkpoints().read(runId, step);
            NetworkShape shape = Networks.shape(run.spec());
            WholeFile.write(folder, place -> {
                Files.createDirectory(place);
                write(place, run, shape, Weights.decode(shape, weights), language);
                Files.write(place.resolve(ABOUT), about(run, checkpoint.event(), findings));
            });
            return new Written(
                    run.label(), shape.parameterCount(), checkpoint.event().excess());
        }
    }

    private static void write(Path folder, Event.RunDeclared run, NetworkShape shape, float[] theta, Pcfg language)
            throws IOException {
        switch (shape) {
            case EncoderShape encoder -> EncoderFolder.write(folder, encoder, theta, language);
            case DecoderShape decoder -> DecoderFolder.write(folder, decoder, theta, language);
            case RecurrentShape _ ->
                throw new Refusal("Run " + run.runId() + " is an LSTM ('"
                        + run.spec().size().name()
                        + "'), for which transformers has no layout: choose a run of a transformer.");
            default -> throw new IllegalStateException("This shape has no folder: " + shape);
        }
    }

    private static String unknown(String runId, List<Event.RunDeclared> runs) {
        String known = runs.stream()
                .limit(MAX_NAMED)
                .map(run -> run.runId() + " (" + run.label() + ")")
                .collect(Collectors.joining(", "));
        return "There is no run '" + runId + "' in the record"
                + (known.isEmpty() ? ", and no other yet: wait for one" : ": give one of " + known)
                + (runs.size() > MAX_NAMED
                        ? " or " + (runs.size() - MAX_NAMED) + " more, which " + Program.NAME + " status STUDY lists."
                        : ".");
    }

    private static String absent(String runId, int step, List<StoredCheckpoint> checkpoints) {
        return "Run " + runId + " has no checkpoint at step " + step + ": "
                + (checkpoints.isEmpty()
                        ? "none is recorded yet, so wait for one."
                        : "give one of "
                                + checkpoints.stream()
                                        .map(one -> String.valueOf(one.event().step()))
                                        .collect(Collectors.joining(", "))
                                + ".");
    }

    private static byte[] about(Event.RunDeclared run, Event.CheckpointPublished checkpoint, Findings findings)
            throws IOException {
        ObjectNode about = Json.mapper().createObjectNode();
        about.put("run", run.runId());
        about.put("step", checkpoint.step());
        about.put("label", run.label());
        about.put("parameters", run.parameters());
        about.put("unit", "nats");
        about.put("crossEntropy", checkpoint.lossNats());
        about.set("loss", ViewJson.tree(checkpoint.excess()));
        about.put("lossKind", run.spec().language().against().kind());
        findings.optimum.ifPresent(optimum -> about.set("optimum", ViewJson.tree(optimum)));
        ArrayNode flatness = about.putArray("flatness");
        findings.flatness.values().forEach(one -> flatness.add(ViewJson.tree(one)));
        about.set("spec", Json.mapper().valueToTree(run.spec()));
        return Json.mapper().writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(about);
    }

    /** The measurements on record of one checkpoint. */
    private static final class Findings {
        private final String runId;
        private final int step;
        private final Map<String, Event.FlatnessMeasured> flatness = new TreeMap<>();
        private Optional<Measured> optimum = Optional.empty();

        Findings(String runId, int step) {
            this.runId = runId;
            this.step = step;
        }

        void take(LogRecord record) {
            switch (record.key().equals(runId) ? record.event().orElse(null) : null) {
                case Event.LossMeasured loss -> optimum = loss.optimum();
                case Event.FlatnessMeasured one when one.step() == step -> flatness.put(one.id(), one);
                case null, default -> {}
            }
        }
    }
}
