package basin.cli.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The description of a file's content, its member {@code manifest.json}.
 *
 * @param format {@code basin-record}
 * @param version version of the format; {@value RecordFile#VERSION} in files that this program
 *     writes
 * @param program name and version of the program that wrote the file
 * @param schema newest schema version of the events in the file
 * @param studyId the study's id
 * @param study the study's name
 * @param members in the order in which they must be read
 * @param records number of records of all members
 * @param bytes uncompressed size of all members
 * @param sha256 SHA-256 of the lines {@code SHA256 two spaces NAME} of all members in their order,
 *     each ended by a line feed, as {@code sha256sum} prints them
 * @param faults why the record that was exported was not whole, a sentence each; absent if it was
 */
record Manifest(
        String format,
        int version,
        String program,
        int schema,
        String studyId,
        String study,
        List<Member> members,
        long records,
        long bytes,
        String sha256,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> faults) {
    Manifest {
        members = List.copyOf(members);
        faults = List.copyOf(faults);
    }

    /**
     * A member of the archive: the records of one topic.
     *
     * @param name name in the archive
     * @param topic the records' topic
     * @param records number of records
     * @param bytes uncompressed size
     * @param sha256 SHA-256 of the uncompressed bytes, 64 hexadecimal digits
     */
    record Member(String name, String topic, long records, long bytes, String sha256) {}
}
