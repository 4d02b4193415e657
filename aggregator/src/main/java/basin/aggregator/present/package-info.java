/**
 * The presentation of numbers, terms, tables and sections: one model and one set of formats for
 * terminal, Markdown, HTML and CSV. The page's {@code format.js} repeats
 * {@link basin.aggregator.present.Numbers}, and a test compares the two. Independent of the
 * statistics.
 */
@NullMarked
package basin.aggregator.present;

import org.jspecify.annotations.NullMarked;
