/** The services as processes of their own. */
@NullMarked
package basin.local.services;

import org.jspecify.annotations.NullMarked;
