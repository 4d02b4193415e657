package basin.evaluator;

import basin.service.shell.ServiceMain;

/** The evaluator as a process of its own. */
public final class EvaluatorMain {
    private static final int PORT = 8645;

    private EvaluatorMain() {}

    /** Runs until the process is told to end; takes its settings from the environment. */
    public static void main(String[] arguments) {
        ServiceMain.worker("evaluator", PORT, EvaluatorService::start);
    }
}
