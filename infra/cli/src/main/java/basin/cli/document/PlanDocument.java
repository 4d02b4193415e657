package basin.cli.document;

import basin.study.ProgramVersion;
import java.util.List;
import java.util.Optional;

/**
 * The cost of a study before it is run, as printed by {@code basin plan --json}.
 *
 * @param program version of the program that wrote this
 * @param study the study's name
 * @param runs number of runs
 * @param steps optimiser steps of each run, unless its arm says otherwise
 * @param words words in training, all runs together
 * @param checkpoints the most checkpoints that there may be
 * @param bytes the most bytes on the topics
 * @param parts parts of the work
 * @param devices time of the whole study by device
 * @param detectable smallest correlations that can be detected
 * @param absent tasks whose table, tokenizer or model is not on this machine, so that their
 *     examples are not checked
 * @param obstacles why {@code run} would refuse the study here and now, a sentence each
 */
public record PlanDocument(
        ProgramVersion program,
        String study,
        int runs,
        int steps,
        long words,
        int checkpoints,
        long bytes,
        List<Part> parts,
        List<DeviceTime> devices,
        List<Detectable> detectable,
        List<String> absent,
        List<String> obstacles) {
    public PlanDocument {
        parts = List.copyOf(parts);
        devices = List.copyOf(devices);
        detectable = List.copyOf(detectable);
        absent = List.copyOf(absent);
        obstacles = List.copyOf(obstacles);
    }

    /**
     * A part of the work.
     *
     * @param name what is done
     * @param operations floating-point operations; 0 if they are not counted
     * @param coreSeconds time on one core, in seconds
     */
    public record Part(String name, double operations, double coreSeconds) {}

    /**
     * The time of the whole study on a device and one core.
     *
     * @param device the device
     * @param seconds time in seconds, good to about a factor of two where it was measured
     * @param measured whether it follows from a measurement on this machine, not from a data sheet
     */
    public record DeviceTime(String device, double seconds, boolean measured) {}

    /**
     * The smallest correlation that a comparison detects.
     *
     * @param comparison the comparison
     * @param correlation the correlation, from 0 to 1; null if there are too few runs
     */
    public record Detectable(String comparison, Optional<Double> correlation) {}
}
