package basin.cli.transfer;

/** Told how far long work has come. */
@FunctionalInterface
public interface Watcher {
    /**
     * Told often.
     *
     * @param what is being done, in a few words that stay the same from its beginning to its end
     * @param done 0 to {@code all}
     * @param all how much there is
     */
    void at(String what, long done, long all);
}
