/** The page in a real browser, against views that a test makes. */
@NullMarked
package basin.aggregator.page;

import org.jspecify.annotations.NullMarked;
