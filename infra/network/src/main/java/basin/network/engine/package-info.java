/** The tensor engine. Only this package uses its internals. */
@NullMarked
package basin.network.engine;

import org.jspecify.annotations.NullMarked;
