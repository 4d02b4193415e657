package basin.cli.transfer;

import java.util.List;

/**
 * What a file says it holds, as its member {@code manifest.json}.
 *
 * @param format {@code basin-record}
 * @param version of the format, {@value RecordFile#VERSION} for what this program writes
 * @param program that wrote it
 * @param schema newest version of the events in it
 * @param studyId the study
 * @param study its name
 * @param members in the order in which they are to be read
 * @param records of all members
 * @param bytes of all members, unpacked
 * @param sha256 of the lines {@code SHA256 two spaces NAME} of all members in their order, each ended by a line feed, as {@code
 *     sha256sum} prints them
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
        String sha256) {
    Manifest {
        members = List.copyOf(members);
    }

    /**
     * A member: the records of one topic.
     *
     * @param name in the archive
     * @param topic that the records belong on
     * @param records how many there are
     * @param bytes length, unpacked
     * @param sha256 of the bytes, 64 hexadecimal digits
     */
    record Member(String name, String topic, long records, long bytes, String sha256) {}
}
