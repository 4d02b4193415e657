package basin.trainer;

import basin.events.Topic;
import basin.service.kafka.BlobRead;
import basin.service.kafka.ChunkedBlobs;
import basin.trainer.training.TrainingState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest complete states of runs: on the compacted resume topic, two alternating slots a run, so that one is whole while
 * the other is written; and a bounded number of them in memory, for the worker that gets the next segment too. Thread-safe.
 */
final class RunStates {
    private static final String SEGMENT = "basin_segment";
    private static final int REMEMBERED = 64;

    private final ChunkedBlobs blobs;
    private final Map<String, byte[]> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > REMEMBERED;
        }
    };

    RunStates(ChunkedBlobs blobs) {
        this.blobs = blobs;
    }

    /** Writes a state and returns when it is acknowledged. */
    void write(String runId, TrainingState state) {
        byte[] bytes = state.encode();
        blobs.write(
                Topic.RESUME.topicName(),
                slot(runId, state.segment()),
                bytes,
                ChunkedBlobs.Keys.BY_CHUNK,
                Map.of(SEGMENT, String.valueOf(state.segment())));
        synchronized (recent) {
            recent.put(runId, bytes);
        }
    }

    /** The state from which a segment starts, where it is still held. */
    Optional<TrainingState> read(String runId, int segment, int parameters) {
        byte[] bytes;
        synchronized (recent) {
            bytes = recent.get(runId);
        }
        if (bytes != null) {
            TrainingState state = TrainingState.decode(bytes, parameters);
            if (state.segment() == segment) {
                return Optional.of(state);
            }
        }
        BlobRead read =
                blobs.newest(Topic.RESUME.topicName(), slot(runId, segment), TrainingState.mostBytes(parameters));
        if (read instanceof BlobRead.Found found
                && String.valueOf(segment).equals(found.headers().get(SEGMENT))) {
            return Optional.of(TrainingState.decode(found.bytes(), parameters));
        }
        return Optional.empty();
    }

    private static String slot(String runId, int segment) {
        return runId + "/" + segment % 2;
    }
}
