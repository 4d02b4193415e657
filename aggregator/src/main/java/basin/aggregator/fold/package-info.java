/**
 * The pure fold of events: the same set of events gives the same state, whatever their order and
 * repetition.
 */
@NullMarked
package basin.aggregator.fold;

import org.jspecify.annotations.NullMarked;
