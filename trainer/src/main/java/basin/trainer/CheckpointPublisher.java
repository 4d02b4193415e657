package basin.trainer;

import basin.log.CrashPoint;
import basin.log.blob.BlobLocation;
import basin.log.blob.ChunkedBlobs;
import basin.network.engine.NumericProfile;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.record.Weights;
import basin.service.CheckpointReader;
import basin.service.WorkerContext;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/**
 * Puts a checkpoint on record, in the order that keeps a half-written one from ever being seen: its weights' chunks, then the event that
 * names them, then the work that it makes; each acknowledged before the next. Every step may be done again. Thread-safe.
 */
public final class CheckpointPublisher {
    private final WorkerContext context;
    private final Measurements measurements;

    /** Publishes what the context's service trains. */
    public CheckpointPublisher(WorkerContext context) {
        this.context = context;
        this.measurements = new Measurements(context);
    }

    /**
     * Writes the weights and returns when their last chunk is acknowledged.
     *
     * @param weights as safetensors
     * @param headers of every chunk
     * @throws KafkaException if a chunk was not acknowledged
     */
    public BlobLocation write(String runId, int step, byte[] weights, Map<String, String> headers) {
        return context.blobs()
                .write(
                        Topic.WEIGHTS.topicName(),
                        CheckpointReader.name(runId, step),
                        weights,
                        ChunkedBlobs.Keys.BY_BLOB,
                        headers);
    }

    /** What a checkpoint event says of weights that lie there. */
    public static Weights named(BlobLocation place) {
        return new Weights(place.bytes(), place.chunks(), place.sha256(), "safetensors");
    }

    /**
     * Writes the event and returns when it is acknowledged.
     *
     * @param place where the weights lie that it names
     * @param headers of its record, beside those that say where the weights lie and what trained them
     * @throws KafkaException if it was not acknowledged
     */
    public void publish(Event.CheckpointPublished checkpoint, BlobLocation place, Map<String, String> headers) {
        Map<String, String> located = new HashMap<>(headers);
        located.put(RecordHeaders.CHECKPOINT, String.valueOf(checkpoint.step()));
        located.put(RecordHeaders.PROFILE, NumericProfile.here());
        located.putAll(place.headers());
        CrashPoint.BEFORE_CHECKPOINT.reached();
        context.events().writeAcked(checkpoint, located);
        CrashPoint.AFTER_CHECKPOINT.reached();
    }

    /** Puts into the queues what the studies on record want to know of the checkpoint and is neither known nor asked for yet. */
    public void ask(Event.CheckpointPublished checkpoint) {
        measurements.enqueueForAll(checkpoint);
    }
}
