/** What theory says of flatness, held against numbers: small models in which both sides can be computed. Without Kafka. */
@NullMarked
package basin.flatness.theory;

import org.jspecify.annotations.NullMarked;
