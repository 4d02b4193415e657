package basin.language;

/**
 * A sentence and the states that it was emitted from; not to be changed.
 *
 * @param sentence word ids
 * @param states one a word
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand; who draws one owns it.
public record HiddenPath(int[] sentence, int[] states) {}
