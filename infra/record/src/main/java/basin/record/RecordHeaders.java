package basin.record;

/**
 * The names of the headers of Basin's Kafka records. Headers give a record's origin, time, reason
 * or purpose. They are never part of an event's identity.
 */
public final class RecordHeaders {
    /** The event's id (CloudEvents). */
    public static final String EVENT_ID = "ce_id";
    /** {@code basin.} and the event's type (CloudEvents). */
    public static final String EVENT_TYPE = "ce_type";
    /** The writer of the event, such as {@code basin/trainer} (CloudEvents). */
    public static final String EVENT_SOURCE = "ce_source";
    /** The version of CloudEvents. */
    public static final String EVENT_SPEC_VERSION = "ce_specversion";
    /** The time at which the event was written, as RFC 3339 (CloudEvents). */
    public static final String EVENT_TIME = "ce_time";

    /** The prefix of Basin's own headers. */
    public static final String PREFIX = "basin_";
    /** The study that the record was made for. */
    public static final String STUDY = "basin_study";
    /** The run that the record is about. */
    public static final String RUN = "basin_run";
    /** The step of the checkpoint that the record is about. */
    public static final String CHECKPOINT = "basin_checkpoint";
    /** The id of the work item that produced the record. */
    public static final String WORK_ITEM = "basin_work_item";
    /** The number of controls of its study on record when a work item was enqueued. */
    public static final String CONTROL = "basin_control";
    /** The duration of a measurement, in seconds. */
    public static final String SECONDS = "basin_seconds";
    /** The cost of a measurement, in ordinary gradients of one example. */
    public static final String GRADIENTS = "basin_gradients";
    /** The numeric profile of the machine that trained a checkpoint. */
    public static final String PROFILE = "basin_profile";
    /** The segment that a training state starts. */
    public static final String SEGMENT = "basin_segment";
    /** The contents of a snapshot of the aggregator. */
    public static final String SNAPSHOT = "basin_snapshot";

    /** The reason why a record is in the dead-letter topic, in one word. */
    public static final String DEAD_KIND = "basin_dead_kind";
    /** The reason why a record is in the dead-letter topic, in one sentence. */
    public static final String DEAD_REASON = "basin_dead_reason";
    /** The topic that a dead letter came from. */
    public static final String ORIGIN_TOPIC = "basin_origin_topic";
    /** The partition that a dead letter came from. */
    public static final String ORIGIN_PARTITION = "basin_origin_partition";
    /** The offset that a dead letter came from. */
    public static final String ORIGIN_OFFSET = "basin_origin_offset";
    /** The id of the dead letter that was redriven. */
    public static final String REDRIVEN_LETTER = "basin_redriven_letter";
    /** The number of times that a record has been redriven. */
    public static final String REDRIVEN_TIMES = "basin_redriven_times";
    /** The destination of a redriven record. */
    public static final String REDRIVEN_TO = "basin_redriven_to";
    /** A mark of an imported dead letter, whose origin is in another Kafka cluster. */
    public static final String IMPORTED = "basin_imported";

    /** The topic of a blob's chunks. */
    public static final String BLOB_TOPIC = "basin_blob_topic";
    /** The partition of a blob's chunks. */
    public static final String BLOB_PARTITION = "basin_blob_partition";
    /** The offset of a blob's first chunk. */
    public static final String BLOB_FIRST_OFFSET = "basin_blob_first_offset";
    /** The offset of a blob's last chunk. */
    public static final String BLOB_LAST_OFFSET = "basin_blob_last_offset";

    /** The name of the blob that a chunk is part of. */
    public static final String CHUNK_BLOB = "basin_chunk_of";
    /** The index of a chunk in its blob, from 0. */
    public static final String CHUNK_INDEX = "basin_chunk_index";
    /** The number of chunks of the blob. */
    public static final String CHUNK_COUNT = "basin_chunk_count";
    /** The length of the whole blob in bytes. */
    public static final String BLOB_BYTES = "basin_chunk_of_bytes";
    /** The SHA-256 of the whole blob, 64 hexadecimal digits. */
    public static final String BLOB_SHA256 = "basin_chunk_of_sha256";

    private RecordHeaders() {}
}
