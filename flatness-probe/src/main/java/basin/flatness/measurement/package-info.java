/** What a measurement gives, and how it tells its progress. */
@NullMarked
package basin.flatness.measurement;

import org.jspecify.annotations.NullMarked;
