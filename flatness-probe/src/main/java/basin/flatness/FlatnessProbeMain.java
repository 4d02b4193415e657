package basin.flatness;

import basin.service.shell.ServiceMain;

/** The flatness probe as a process of its own. */
public final class FlatnessProbeMain {
    private static final int PORT = 8644;

    private FlatnessProbeMain() {}

    /** Runs until the process is told to end; takes its settings from the environment. */
    public static void main(String[] arguments) {
        ServiceMain.worker("flatness-probe", PORT, FlatnessProbeService::start);
    }
}
