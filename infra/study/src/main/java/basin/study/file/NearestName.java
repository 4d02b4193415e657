package basin.study.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody may have meant who wrote another. */
public final class NearestName {
    private NearestName() {}

    /**
     * Returns the known name that is closest to what was written, whatever the case of its letters;
     * empty if it differs by many letters.
     */
    public static Optional<String> of(String written, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String name) -> distance(lower(written), lower(name)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> distance(lower(written), lower(name)) <= Math.max(1, 2 * name.length() / 5));
    }

    /** Returns the question for the closest known name, in brackets; empty if there is none. */
    public static String question(String written, Collection<String> known) {
        return question(of(written, known));
    }

    /** Returns the question for a closest name, in brackets; empty if there is none. */
    static String question(Optional<String> near) {
        return near.map(name -> " (did you mean '" + name + "'?)").orElse("");
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the optimal string alignment distance: the fewest insertions, deletions, replacements
     * and swaps of neighbouring letters.
     */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                cost[i][j] =
                        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
