package basin.trainer;

import basin.service.shell.ServiceMain;

/** The trainer as a process of its own. */
public final class TrainerMain {
    private static final int PORT = 8643;

    private TrainerMain() {}

    /** Runs until the process is told to end; takes its settings from the environment. */
    public static void main(String[] arguments) {
        ServiceMain.worker("trainer", PORT, TrainerService::start);
    }
}
