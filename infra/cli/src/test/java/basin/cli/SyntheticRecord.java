package basin.cli;

import basin.aggregator.SyntheticStudy;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.blob.BlobLocation;
import basin.log.blob.ChunkedBlobs;
import basin.record.Event;
import basin.record.Topic;
import basin.record.Weights;
import basin.service.CheckpointReader;
import basin.service.EventWriter;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A study's events as if it had been run, with weights that nothing was trained for. */
final class SyntheticRecord {
    static final StudySpec STUDY =
            StudyFile.read(Path.of("../../aggregator/src/test/resources/basin/aggregator/quick.yaml"));

    private SyntheticRecord() {}

    /** Returns the events of the study whose runs have all finished. */
    static List<Event> events() {
        return SyntheticStudy.complete(STUDY, 11);
    }

    /** Writes events, and before each checkpoint its weights, in one or two chunks. */
    static void write(KafkaEndpoint endpoint, List<Event> events) {
        Random random = new Random(5);
        List<CompletableFuture<LogPosition>> written = new ArrayList<>();
        try (LogWriter writer = LogWriter.open(endpoint, "test")) {
            EventWriter all = new EventWriter(writer, "basin/test");
            for (Event event : events) {
                if (event instanceof Event.CheckpointPublished published) {
                    int chunks = published.ordinal() == 0 && published.runId().compareTo("4") < 0 ? 2 : 1;
                    byte[] weights = new byte[(chunks - 1) * ChunkedBlobs.CHUNK_BYTES + 700];
                    random.nextBytes(weights);
                    BlobLocation place = ChunkedBlobs.write(
                            writer,
                            Topic.WEIGHTS.topicName(),
                            CheckpointReader.name(published.runId(), published.step()),
                            weights,
                            ChunkedBlobs.Keys.BY_BLOB,
                            Map.of());
                    written.add(all.write(
                            with(
                                    published,
                                    published.step(),
                                    new Weights(weights.length, chunks, place.sha256(), "safetensors")),
                            place.headers()));
                } else {
                    written.add(all.write(event, Map.of()));
                }
            }
            written.forEach(LogWriter::await);
        }
    }

    /** Returns a checkpoint at another step with other weights. */
    static Event.CheckpointPublished with(Event.CheckpointPublished published, int step, Weights weights) {
        return new Event.CheckpointPublished(
                published.runId(),
                step,
                published.ordinal(),
                published.triggers(),
                published.excess(),
                published.lossNats(),
                published.weightNorm(),
                weights);
    }
}
