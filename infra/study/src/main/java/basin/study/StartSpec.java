package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoint from whose weights a run starts, with a fresh optimiser state. A study file names
 * it as {@code RUN@STEP}. The record also contains the hash of its weights, so that the id of a run
 * that starts there determines the run's bits. Immutable.
 *
 * @param run the run that published it: 16 hexadecimal digits, in a study file a prefix of only
 *     one recorded run
 * @param step the optimiser steps that the run had taken
 * @param weights SHA-256 of the checkpoint's weights, 64 hexadecimal digits; absent in a study file
 * @param excess excess loss of the checkpoint as published, nats; absent in a study file
 */
public record StartSpec(
        String run,
        int step,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> weights,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> excess) {
    private static final String FIELD = "startFrom";
    private static final Pattern WRITTEN = Pattern.compile("([0-9a-f]{4,16})@([0-9]{1,8})");

    public StartSpec {
        require(
                run.matches("[0-9a-f]{4,16}"),
                FIELD,
                "'" + run + "@" + step + "'",
                "give RUN@STEP, a run's id or its first 4 or more digits as " + Program.NAME
                        + " status STUDY lists them");
        within(0, 10_000_000, FIELD + " step", step);
        require(
                weights.isPresent() == excess.isPresent()
                        && weights.map(hash -> hash.matches("[0-9a-f]{64}")).orElse(true)
                        && excess.map(Double::isFinite).orElse(true),
                FIELD,
                "'" + run + "@" + step + "' with weights " + weights.orElse("absent"),
                "give RUN@STEP alone, or with the weights' SHA-256 and their excess loss");
    }

    /**
     * Reads {@code RUN@STEP} or the form on record.
     *
     * @throws Refusal if the form is neither; one sentence with the field, the value and the fix
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static StartSpec of(JsonNode form) {
        if (form.isTextual()) {
            return written(form.asText());
        }
        require(
                form.path("run").isTextual() && form.path("step").canConvertToInt(),
                FIELD,
                form,
                "give RUN@STEP, such as 3f9a52c1@1200");
        return new StartSpec(
                form.path("run").asText(),
                form.path("step").asInt(),
                Optional.of(form.path("weights")).filter(JsonNode::isTextual).map(JsonNode::asText),
                Optional.of(form.path("excess")).filter(JsonNode::isNumber).map(JsonNode::asDouble));
    }

    private static StartSpec written(String text) {
        Matcher parts = WRITTEN.matcher(text.strip().toLowerCase(Locale.ROOT));
        require(parts.matches(), FIELD, "'" + text + "'", "give RUN@STEP, such as 3f9a52c1@1200");
        return new StartSpec(parts.group(1), Integer.parseInt(parts.group(2)), Optional.empty(), Optional.empty());
    }

    /**
     * Returns whether it contains the hash of the checkpoint's weights, as everything on record
     * does.
     */
    public boolean settled() {
        return weights.isPresent();
    }

    /** Returns {@code RUN@STEP} for display, with the first 8 digits of the run. */
    public String title() {
        return run.substring(0, Math.min(8, run.length())) + "@" + step;
    }

    /**
     * Returns the excess loss at which arms that start here are compared. It is one band below the
     * checkpoint's own, so that an arm must first make some progress. Empty if that is not above
     * zero.
     *
     * @param band the analysis's band, nats
     */
    public Optional<Double> level(double band) {
        positive("analysis.band", band);
        return excess.map(own -> own - band).filter(level -> level > 0);
    }
}
