/** The tensor engine: the one place that knows its internals. */
@NullMarked
package basin.network.engine;

import org.jspecify.annotations.NullMarked;
