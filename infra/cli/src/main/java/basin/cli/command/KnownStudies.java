package basin.cli.command;

import basin.aggregator.StudiesOnRecord.Study;
import basin.study.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the study that somebody means. */
final class KnownStudies {
    private KnownStudies() {}

    /** The study of that id, or the only one of that name. */
    static Study find(List<Study> known, String idOrName) {
        List<Study> meant = known.stream()
                .filter(study ->
                        study.studyId().equals(idOrName) || study.name().equals(idOrName))
                .toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        String ids =
                (meant.isEmpty() ? known : meant).stream().map(Study::studyId).collect(Collectors.joining(", "));
        throw new Refusal(
                meant.isEmpty()
                        ? "There is no study '" + idOrName + "' on record: "
                                + (ids.isEmpty() ? "submit one with infra/basin submit" : "give one of " + ids) + "."
                        : "Several studies are called '" + idOrName + "': give one of " + ids + ".");
    }
}
