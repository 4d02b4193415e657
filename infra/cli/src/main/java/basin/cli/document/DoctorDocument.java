package basin.cli.document;

import basin.log.admin.ClusterReport;
import basin.study.EnumName;
import basin.study.ProgramVersion;
import java.util.List;

/**
 * The checks of a record, as printed by {@code basin doctor --json}.
 *
 * @param program version of the program that wrote this
 * @param healthy whether no check found anything wrong
 * @param checks the checks in the order in which they were made
 */
public record DoctorDocument(ProgramVersion program, boolean healthy, List<Check> checks) {
    public DoctorDocument {
        checks = List.copyOf(checks);
    }

    /**
     * A check.
     *
     * @param verdict ok, wrong, or unchecked if it cannot be made here
     * @param text what was found, and the remedy if it is wrong
     */
    public record Check(String verdict, String text) {}

    /** Returns the document of these checks. */
    public static DoctorDocument of(List<ClusterReport.Line> lines) {
        return new DoctorDocument(
                ProgramVersion.current(),
                lines.stream().noneMatch(line -> line.verdict() == ClusterReport.Verdict.WRONG),
                lines.stream()
                        .map(line -> new Check(EnumName.of(line.verdict()), line.text()))
                        .toList());
    }
}
