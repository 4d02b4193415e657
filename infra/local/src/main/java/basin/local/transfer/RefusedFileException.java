package basin.local.transfer;

/** A file that is not taken. The message goes on after the file's name, as in {@code is cut short}, without a final stop. */
final class RefusedFileException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedFileException(String message) {
        super(message);
    }
}
