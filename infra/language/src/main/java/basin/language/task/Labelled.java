package basin.language.task;

import java.util.OptionalInt;

/**
 * A drawn sentence with its class. The owner may modify the array.
 *
 * @param sentence word ids
 * @param label the class, from 0; empty if the sentence has none
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand; the caller owns the array.
public record Labelled(int[] sentence, OptionalInt label) {}
