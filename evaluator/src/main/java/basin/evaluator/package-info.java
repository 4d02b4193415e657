@NullMarked
package basin.evaluator;

import org.jspecify.annotations.NullMarked;
