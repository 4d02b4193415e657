package basin.language;

/** Checks of a sentence that every language makes, and their refusals. */
public final class Vocabulary {
    private Vocabulary() {}

    /** Refuses an empty sentence and words that are not 0 .. {@code vocabularySize} - 1. */
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

    /** As {@link #check}, and refuses a sentence that is shorter or longer than any of the language. */
    public static void check(int[] sentence, int vocabularySize, int minLength, int maxLength) {
        check(sentence, vocabularySize);
        if (sentence.length < minLength || sentence.length > maxLength) {
            throw new IllegalArgumentException("the sentence has " + sentence.length
                    + " words: this language has sentences of "
                    + (minLength == maxLength ? "exactly " + maxLength : minLength + " to " + maxLength) + ".");
        }
    }

    /** The refusal of a sentence of which no sentence of the language that is as long has the first {@code position} words. */
    static ImpossibleContextException noBeginning(int position) {
        return new ImpossibleContextException("no sentence of the language that is as long begins with the " + position
                + " words before position " + position + ": give a sentence of the language.");
    }

    /** The refusal of a sentence that no sentence of the language agrees with but for the word at {@code position}. */
    static ImpossibleContextException disagreement(int position) {
        return new ImpossibleContextException("no sentence of the language agrees with the words beside position "
                + position + ": give a sentence of the language.");
    }
}
