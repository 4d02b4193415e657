/** Tests of the page in a real browser, with views that the tests create. */
@NullMarked
package basin.aggregator.page;

import org.jspecify.annotations.NullMarked;
