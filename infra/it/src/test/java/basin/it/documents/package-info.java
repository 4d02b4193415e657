/**
 * Tests of the documents: links, sizes, words, commands, study files, printed outputs, and the
 * steps that a reader is told to take.
 */
@NullMarked
package basin.it.documents;

import org.jspecify.annotations.NullMarked;
