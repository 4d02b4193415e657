package basin.flatness.estimator;

/** Independent signs in the space of a network's scores, drawn anew for every example. Thread-safe. */
@FunctionalInterface
public interface OutputSigns {
    /** As many signs as there are scores, −1 or 1, for an example of a batch: always the same for the same example. */
    double[] of(int example, int scores);
}
