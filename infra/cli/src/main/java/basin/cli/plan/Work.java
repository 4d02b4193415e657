package basin.cli.plan;

import java.time.Duration;

/**
 * What a part of a study takes.
 *
 * @param operations of the networks, in floating point, a multiplication and an addition being two: what a faster device does faster
 * @param coreSeconds of one processor core besides, which stay on any device: drawing sentences, exact conditionals, classifiers
 */
public record Work(double operations, double coreSeconds) {
    static final Work NONE = new Work(0, 0);

    /** Both together. */
    public Work plus(Work other) {
        return new Work(operations + other.operations, coreSeconds + other.coreSeconds);
    }

    Work times(double factor) {
        return new Work(operations * factor, coreSeconds * factor);
    }

    /** How long it takes on one such device, with one core beside it. */
    public Duration on(Device device) {
        return Duration.ofMillis(Math.round(1000 * (operations / device.operationsASecond() + coreSeconds)));
    }
}
