/**
 * How numbers, words, tables and sections look: one model and one set of formats behind terminal, Markdown, HTML and CSV. The page's {@code
 * format.js} repeats {@link basin.aggregator.present.Numbers}, and a test holds the two equal. Knows no statistics.
 */
@NullMarked
package basin.aggregator.present;

import org.jspecify.annotations.NullMarked;
