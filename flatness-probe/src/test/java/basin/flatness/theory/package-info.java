/**
 * Numerical checks of theoretical results on flatness, on small models in which both sides can be
 * computed. Independent of Kafka.
 */
@NullMarked
package basin.flatness.theory;

import org.jspecify.annotations.NullMarked;
