/** The live page: its files and the browser's library, served from the class path. */
@NullMarked
package basin.aggregator.page;

import org.jspecify.annotations.NullMarked;
