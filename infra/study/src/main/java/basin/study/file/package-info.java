/** Study, question and manifest files: reading YAML and the data files that it names into specs. */
@NullMarked
package basin.study.file;

import org.jspecify.annotations.NullMarked;
