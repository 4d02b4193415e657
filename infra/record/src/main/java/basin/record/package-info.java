/**
 * The record: every event that Basin writes, its identity, its JSON form, and the topics it travels on. Depends on nothing
 * else of Basin, so that any process may read and write the record with this room alone.
 */
@NullMarked
package basin.record;

import org.jspecify.annotations.NullMarked;
