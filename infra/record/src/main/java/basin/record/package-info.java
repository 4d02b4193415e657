/**
 * The record: every event that Basin writes, its identity, its JSON form, and the Kafka topics. It
 * depends only on the specs of studies, so that any process can read and write the record with
 * these two modules alone.
 */
@NullMarked
package basin.record;

import org.jspecify.annotations.NullMarked;
