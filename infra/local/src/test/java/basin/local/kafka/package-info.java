@NullMarked
package basin.local.kafka;

import org.jspecify.annotations.NullMarked;
