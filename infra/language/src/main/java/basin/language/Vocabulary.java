package basin.language;

/** Checks of sentences that all languages share, and the exceptions that they throw. */
public final class Vocabulary {
    private Vocabulary() {}

    /**
     * Checks that a sentence is not empty and that its words are in 0 .. {@code vocabularySize} -
     * 1.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static void check(int[] sentence, int vocabularySize) {
        if (sentence.length == 0) {
            throw new IllegalArgumentException("the sentence is empty: give at least one word.");
        }
        for (int word : sentence) {
            if (word < 0 || word >= vocabularySize) {
                throw new IllegalArgumentException("the sentence has word " + word + ": words are numbered from 0 to "
                        + (vocabularySize - 1) + ".");
            }
        }
    }

    /**
     * Checks as {@link #check(int[], int)}, and that the length is one that the language has.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static void check(int[] sentence, int vocabularySize, int minLength, int maxLength) {
        check(sentence, vocabularySize);
        if (sentence.length < minLength || sentence.length > maxLength) {
            throw new IllegalArgumentException("the sentence has " + sentence.length
                    + " words: this language has sentences of "
                    + (minLength == maxLength ? "exactly " + maxLength : minLength + " to " + maxLength) + ".");
        }
    }

    /**
     * Returns an exception which says that no sentence of the same length begins with the first
     * {@code position} words.
     */
    static ImpossibleContextException noBeginning(int position) {
        return new ImpossibleContextException("no sentence of the language that is as long begins with the " + position
                + " words before position " + position + ": give a sentence of the language.");
    }

    /**
     * Returns an exception which says that no sentence agrees with all words but the one at
     * {@code position}.
     */
    static ImpossibleContextException disagreement(int position) {
        return new ImpossibleContextException("no sentence of the language agrees with the words beside position "
                + position + ": give a sentence of the language.");
    }
}
