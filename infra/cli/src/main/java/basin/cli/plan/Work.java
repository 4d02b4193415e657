package basin.cli.plan;

import java.time.Duration;

/**
 * The cost of a part of a study.
 *
 * @param operations floating-point operations of the networks, which a faster device executes
 *     faster; a multiplication and an addition are two
 * @param coreSeconds seconds of one CPU core in addition, the same on any device: drawing
 *     sentences, exact conditionals, classifiers
 */
public record Work(double operations, double coreSeconds) {
    static final Work NONE = new Work(0, 0);

    /** Returns the sum of two costs. */
    public Work plus(Work other) {
        return new Work(operations + other.operations, coreSeconds + other.coreSeconds);
    }

    Work times(double factor) {
        return new Work(operations * factor, coreSeconds * factor);
    }

    /** Returns the time on one such device with one CPU core. */
    public Duration on(Device device) {
        return Duration.ofMillis(Math.round(1000 * (operations / device.operationsASecond() + coreSeconds)));
    }
}
