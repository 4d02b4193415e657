package basin.trainer;

import basin.log.blob.BlobRead;
import basin.log.blob.ChunkedBlobs;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.service.WorkerContext;
import basin.trainer.training.TrainingState;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A store of the newest complete training states of runs. The compacted resume topic has two
 * alternating slots per run, so that one is complete while the other is written. A bounded number
 * of states is also cached in memory, for a worker that also gets the next segment. Thread-safe.
 */
final class RunStates {
    private static final int MAX_SIZE = 64;
    private static final Duration MAX_IDLE = Duration.ofMinutes(10);

    private final WorkerContext context;
    private final Cache<String, byte[]> recent = Caffeine.newBuilder()
            .maximumSize(MAX_SIZE)
            .expireAfterAccess(MAX_IDLE)
            .executor(Runnable::run)
            .build();

    RunStates(WorkerContext context) {
        this.context = context;
    }

    /** Writes a state and waits until it is acknowledged. */
    void write(String runId, TrainingState state) {
        byte[] bytes = state.encode();
        ChunkedBlobs.write(
                context.writer(),
                Topic.RESUME.topicName(),
                slot(runId, state.segment()),
                bytes,
                ChunkedBlobs.Keys.BY_CHUNK,
                Map.of(RecordHeaders.SEGMENT, String.valueOf(state.segment())));
        recent.put(runId, bytes);
    }

    /** Returns the state from which a segment starts, or empty if it is no longer stored. */
    Optional<TrainingState> read(String runId, int segment, int parameters) {
        byte[] bytes = recent.getIfPresent(runId);
        if (bytes != null) {
            TrainingState state = TrainingState.decode(bytes, parameters);
            if (state.segment() == segment) {
                return Optional.of(state);
            }
        }
        BlobRead read = context.blobs()
                .newest(Topic.RESUME.topicName(), slot(runId, segment), TrainingState.mostBytes(parameters));
        if (read instanceof BlobRead.Found found
                && String.valueOf(segment).equals(found.headers().get(RecordHeaders.SEGMENT))) {
            return Optional.of(TrainingState.decode(found.bytes(), parameters));
        }
        return Optional.empty();
    }

    private static String slot(String runId, int segment) {
        return runId + "/" + segment % 2;
    }
}
