/** The record as services see it: events written with their headers, and what is on record so far. */
@NullMarked
package basin.service;

import org.jspecify.annotations.NullMarked;
