package basin.study;

/**
 * How much a test that samples draws: a part in every build, all of it in the Maven profile {@code long}, which sets the system property
 * {@value #PROPERTY}. Assertions are the same; a bound that depends on the number of draws is computed from it.
 *
 * <p>Tests that call it have the JUnit tag {@code sampled}, so that the profile runs them again; tests of the profile alone have the tag
 * {@code long}. See {@code infra/docs/testing.md}.
 */
public final class SampleSize {
    /** Whether tests draw all of their samples. */
    public static final String PROPERTY = "basin.test.long";

    private SampleSize() {}

    /** Whether this is the profile {@code long}. */
    public static boolean isWhole() {
        return Boolean.getBoolean(PROPERTY);
    }

    /** So many in every build, or all of them in the profile {@code long}. */
    public static int of(int part, int whole) {
        return isWhole() ? whole : part;
    }
}
