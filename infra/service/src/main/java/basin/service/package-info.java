/** The framework of the services: settings, HTTP shell, workers, and access to the record. */
@NullMarked
package basin.service;

import org.jspecify.annotations.NullMarked;
