package basin.language;

/**
 * A sentence and the hidden states that emitted it. Callers must not modify the arrays.
 *
 * @param sentence word ids
 * @param states one state per word
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand, hence not copied.
public record HiddenPath(int[] sentence, int[] states) {}
