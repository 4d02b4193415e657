@NullMarked
package basin.evaluator.protocol;

import org.jspecify.annotations.NullMarked;
