/** The tensor engine: the one place that knows its internals. */
@NullMarked
package basin.lm.engine;

import org.jspecify.annotations.NullMarked;
