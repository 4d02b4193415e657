/** What every service shares around its science: an HTTP server with health and metrics, readiness, an orderly end. */
@NullMarked
package basin.service.shell;

import org.jspecify.annotations.NullMarked;
