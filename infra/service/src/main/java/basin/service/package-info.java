@NullMarked
package basin.service;

import org.jspecify.annotations.NullMarked;
