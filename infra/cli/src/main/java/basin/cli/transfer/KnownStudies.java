package basin.cli.transfer;

import basin.aggregator.StudiesOnRecord.Study;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.file.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds a study by id or by name. */
public final class KnownStudies {
    private KnownStudies() {}

    /**
     * Returns the study with that id, or the only one with that name.
     *
     * @throws Refusal if there is no such study, or several have the name
     */
    public static Study find(List<Study> known, String idOrName) {
        return find(known, Study::studyId, Study::name, idOrName, "submit one with " + Program.NAME + " submit");
    }

    /**
     * Finds a study like {@link #find(List, String)}, in a collection of any type.
     *
     * @param none advice for a record without a study, as an imperative clause
     * @throws Refusal if there is no such study, or several have the name
     */
    static <T> T find(
            Collection<T> known, Function<T, String> id, Function<T, String> name, String idOrName, String none) {
        List<T> meant = known.stream()
                .filter(study ->
                        id.apply(study).equals(idOrName) || name.apply(study).equals(idOrName))
                .toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        String ids = (meant.isEmpty() ? known : meant).stream().map(id).collect(Collectors.joining(", "));
        throw new Refusal(
                meant.isEmpty()
                        ? "There is no study '" + idOrName + "' in the record"
                                + NearestName.question(
                                        idOrName,
                                        known.stream()
                                                .flatMap(study -> Stream.of(id.apply(study), name.apply(study)))
                                                .toList())
                                + ": "
                                + (ids.isEmpty() ? none : "give one of " + ids) + "."
                        : "Several studies are called '" + idOrName + "': give one of " + ids + ".");
    }
}
