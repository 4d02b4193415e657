/** Tests of the services as separate processes. */
@NullMarked
package basin.it.services;

import org.jspecify.annotations.NullMarked;
