package basin.study;

/** The command with which the user starts Basin. */
public final class Program {
    /**
     * The command as help and sentences name it: {@code infra/basin}, or what the starter of an
     * installed program gives as the system property {@code basin.command}.
     */
    public static final String NAME = System.getProperty("basin.command", "infra/basin");

    private Program() {}
}
