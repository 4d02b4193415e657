package basin.cli.transfer;

import basin.study.Refusal;

/**
 * Thrown if an archive is refused. The message is a fragment that follows the file's name, such as
 * {@code is cut short}, without a full stop; {@link StudyImport} makes a sentence of it.
 */
final class RefusedFileException extends Refusal {
    private static final long serialVersionUID = 1;

    RefusedFileException(String message) {
        super(message);
    }
}
