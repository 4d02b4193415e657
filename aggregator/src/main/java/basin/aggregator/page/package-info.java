/** The live page: its files and the browser's plotting library, served from the class path. */
@NullMarked
package basin.aggregator.page;

import org.jspecify.annotations.NullMarked;
