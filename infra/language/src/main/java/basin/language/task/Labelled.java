package basin.language.task;

import java.util.OptionalInt;

/**
 * A sentence as it was drawn, with its class. The owner of the array may change it.
 *
 * @param sentence word ids
 * @param label the class, from 0; empty where the sentence has none
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand; who draws one owns it.
public record Labelled(int[] sentence, OptionalInt label) {}
