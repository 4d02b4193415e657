/** The services as processes of their own. */
@NullMarked
package basin.it.services;

import org.jspecify.annotations.NullMarked;
