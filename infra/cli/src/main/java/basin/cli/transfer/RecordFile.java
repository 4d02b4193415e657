package basin.cli.transfer;

import basin.record.Topic;
import basin.study.Json;
import basin.study.Sha256;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The format of record files; infra/docs/record-files.md specifies it. A file is a ZIP archive with
 * a manifest and one member per topic. Its comment is the SHA-256 of all bytes before the comment.
 */
final class RecordFile {
    static final String FORMAT = "basin-record";
    static final int VERSION = 1;
    static final String MANIFEST = "manifest.json";
    static final String COMMENT = "sha256:";
    static final int COMMENT_BYTES = COMMENT.length() + 64;

    /**
     * The topics of a file, in the order of writing: each topic comes after those that its records
     * refer to.
     */
    static final List<Topic> TOPICS = List.of(
            Topic.STUDY,
            Topic.RUN,
            Topic.LOSS,
            Topic.WEIGHTS,
            Topic.CHECKPOINT,
            Topic.FLATNESS,
            Topic.DOWNSTREAM,
            Topic.DEAD_LETTER);

    /** The end of a ZIP archive before its comment, and the place of the directory's size in it. */
    static final int END_BYTES = 22;

    static final int DIRECTORY_SIZE_AT = 12;

    /** Far above a directory of nine members. */
    static final int MAX_DIRECTORY_BYTES = 65_536;

    static final int MAX_MANIFEST_BYTES = 1_000_000;
    /** Large enough for a record of one megabyte with every character escaped. */
    static final int MAX_LINE_BYTES = 8 << 20;

    static final int MAX_DEPTH = 8;
    /**
     * Largest plausible compression ratio. Events compress to a tenth of their size or less; a
     * higher ratio than this indicates a forged file.
     */
    static final long MAX_RATIO = 200;

    static final JsonMapper JSON = JsonMapper.builder(Json.factory(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_LINE_BYTES)
                    .maxStringLength(MAX_LINE_BYTES)
                    .maxNestingDepth(MAX_DEPTH)
                    .build()))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Reads and writes lines, which omit absent fields. */
    static final JsonMapper LINES = JSON.rebuild()
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private RecordFile() {}

    /**
     * Returns the member's name. Chunks of weights are binary; the other topics are lines of JSON.
     */
    static String member(Topic topic) {
        return "records/" + topic.topicName() + (topic == Topic.WEIGHTS ? ".bin" : ".jsonl");
    }

    static String whole(List<Manifest.Member> members) {
        String lines = members.stream()
                .map(member -> member.sha256() + "  " + member.name() + "\n")
                .collect(Collectors.joining());
        return Sha256.hex(lines.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the comment for a file, from the given number of its first bytes. */
    static String comment(Path file, long bytes) throws IOException {
        MessageDigest digest = Sha256.start();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long left = bytes;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("The file is shorter than it was.");
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
        }
        return COMMENT + Sha256.hex(digest);
    }
}
