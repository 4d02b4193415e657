package basin.cli.transfer;

/** Receives the progress of a long task. */
@FunctionalInterface
public interface Watcher {
    /**
     * Receives the progress; called often.
     *
     * @param what the present stage, in a few words that are constant throughout the stage
     * @param done 0 to {@code all}
     * @param all total amount of work
     */
    void at(String what, long done, long all);
}
