package basin.it;

import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.TinyStudy;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a study file that a test changes. Immutable.
 *
 * @param text the file's text
 */
public record StudyText(String text) {
    /** Returns the text of the tiny study. */
    public static StudyText tiny() {
        return of(TinyStudy.FILE);
    }

    /**
     * Returns the text of the tiny study with fewer sentences, epochs and draws, for tests that do
     * not compare its numbers with the tiny study's.
     */
    public static StudyText brief() {
        return tiny().with("sentences: 512", "sentences: 128")
                .with("epochs: 20", "epochs: 5")
                .withFewDraws();
    }

    /** Returns the text of a study file. */
    public static StudyText of(Path file) {
        try {
            return new StudyText(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the text with another in place of all that matches.
     *
     * @param what a regular expression that must match and in which ^ and $ are ends of lines
     */
    public StudyText with(String what, String by) {
        Matcher matcher = Pattern.compile(what, Pattern.MULTILINE).matcher(text);
        assertThat(matcher.find()).as("%s in %s", what, text).isTrue();
        return new StudyText(matcher.replaceAll(Matcher.quoteReplacement(by)));
    }

    /** Returns the text with the least numbers of permutations and resamples for its tables. */
    public StudyText withFewDraws() {
        return with("permutations: \\d+, resamples: \\d+", "permutations: 99, resamples: 100");
    }

    /** Returns the text with the measurement of flatness that takes the least time. */
    public StudyText withQuickFlatness() {
        return with("estimator: paired", "estimator: fisher.output");
    }

    /** Returns the text with other seeds of its runs. */
    public StudyText withSeeds(String seeds) {
        return with("^seeds: .*$", "seeds: [" + seeds + "]");
    }

    /** Returns the text with few steps, of which the first checkpoint is half. */
    public StudyText withSteps(int steps) {
        return with("steps: \\d+", "steps: " + steps).with("first: \\d+", "first: " + steps / 2);
    }

    /** Returns the text with one learning rate and one seed, and so with one run of each size. */
    public StudyText withOneRunOfEachSize() {
        return with("^learningRates: .*$", "learningRates: [0.01]").withSeeds("1");
    }

    /** Returns the text with another name of the study. */
    public StudyText named(String name) {
        return with("^name: .*$", "name: " + name);
    }

    /** Returns the study. */
    public StudySpec spec() {
        return StudyFile.parse(text, "study");
    }
}
