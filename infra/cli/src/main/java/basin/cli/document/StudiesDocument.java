package basin.cli.document;

import basin.study.Arm;
import basin.study.ProgramVersion;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.util.List;

/**
 * The studies that come with Basin, as printed by {@code basin studies --json}.
 *
 * @param program version of the program that wrote this
 * @param studies the studies, by name
 */
public record StudiesDocument(ProgramVersion program, List<Study> studies) {
    public StudiesDocument {
        studies = List.copyOf(studies);
    }

    /**
     * A study.
     *
     * @param name name that {@code run}, {@code plan} and {@code submit} take
     * @param about what it is for, in a sentence
     * @param language kind of its language
     * @param runs number of runs of its grid
     * @param sizes number of network sizes
     * @param arms number of arms: an algorithm at a learning rate
     * @param seeds number of seeds
     * @param steps optimiser steps of each run, unless its arm says otherwise
     */
    public record Study(
            String name, String about, String language, int runs, int sizes, int arms, int seeds, int steps) {
        /** Returns the entry of a study. */
        public static Study of(String name, String about, StudySpec spec) {
            int runs = StudyPlan.runs(spec).size();
            int sizes = spec.sizes().size();
            int seeds = spec.seeds().size();
            return new Study(
                    name,
                    about,
                    spec.language().kind(),
                    runs,
                    sizes,
                    Arm.of(spec).size(),
                    seeds,
                    spec.training().steps());
        }
    }
}
