package basin.study;

/**
 * The sample size of a test that draws samples: a part in every build, all of it in the Maven
 * profile {@code long}, which sets the system property {@value #PROPERTY}. Assertions are the same.
 * A bound that depends on the number of draws is computed from it.
 *
 * <p>Tests that call it have the JUnit tag {@code sampled}, so that the profile runs them again.
 * Tests that run only in the profile have the tag {@code long}. See {@code infra/docs/testing.md}.
 */
public final class SampleSize {
    /** The system property that makes tests draw all of their samples. */
    public static final String PROPERTY = "basin.test.long";

    private SampleSize() {}

    /** Returns whether the profile {@code long} is active. */
    public static boolean isWhole() {
        return Boolean.getBoolean(PROPERTY);
    }

    /** Returns {@code part} in every build, or {@code whole} in the profile {@code long}. */
    public static int of(int part, int whole) {
        return isWhole() ? whole : part;
    }
}
