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
 * A writer of checkpoints. It writes the chunks of the weights, then the event that references
 * them, then the work items that follow, and waits for each acknowledgement before the next write.
 * Readers therefore never see a partial checkpoint. Every step is idempotent. Thread-safe.
 */
public final class CheckpointPublisher {
    private final WorkerContext context;
    private final Measurements measurements;

    /** Creates a publisher that writes through the given context. */
    public CheckpointPublisher(WorkerContext context) {
        this.context = context;
        this.measurements = new Measurements(context);
    }

    /**
     * Writes the weights and waits until their last chunk is acknowledged.
     *
     * @param weights in safetensors format
     * @param headers headers of every chunk
     * @return where the weights are stored
     * @throws KafkaException if a chunk was not acknowledged
     */
    public BlobLocation write(String runId, int step, byte[] weights, Map<String, String> headers) {
        return ChunkedBlobs.write(
                context.writer(),
                Topic.WEIGHTS.topicName(),
                CheckpointReader.name(runId, step),
                weights,
                ChunkedBlobs.Keys.BY_BLOB,
                headers);
    }

    /** Returns the description of stored weights for a checkpoint event. */
    public static Weights named(BlobLocation place) {
        return new Weights(place.bytes(), place.chunks(), place.sha256(), "safetensors");
    }

    /**
     * Writes the event and waits until it is acknowledged.
     *
     * @param place where the weights of the checkpoint are stored
     * @param headers additional headers of the record, beside the location of the weights and the
     *     numeric profile of this process
     * @throws KafkaException if the event was not acknowledged
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

    /**
     * Enqueues the measurements of the checkpoint that recorded studies want and that are neither
     * recorded nor enqueued.
     */
    public void ask(Event.CheckpointPublished checkpoint) {
        measurements.enqueueForAll(checkpoint);
    }
}
