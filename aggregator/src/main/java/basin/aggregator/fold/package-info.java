/** The pure fold of events: the same set of events, in whatever order and however often, is the same state. */
@NullMarked
package basin.aggregator.fold;

import org.jspecify.annotations.NullMarked;
