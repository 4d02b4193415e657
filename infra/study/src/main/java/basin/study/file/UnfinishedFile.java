package basin.study.file;

import basin.study.Refusal;

/**
 * A refusal of a file or folder that is absent or ends too early, as while another program writes
 * it. A caller that watches may wait for the rest. A file that more writing cannot mend is refused
 * by a plain {@link Refusal}.
 */
public final class UnfinishedFile extends Refusal {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a refusal.
     *
     * @param message one sentence with the file, what is missing and the fix
     */
    public UnfinishedFile(String message) {
        super(message);
    }
}
