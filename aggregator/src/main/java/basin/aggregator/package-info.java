@NullMarked
package basin.aggregator;

import org.jspecify.annotations.NullMarked;
