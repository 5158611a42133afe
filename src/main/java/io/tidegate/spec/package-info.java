/** YAML to records by way of a schema check, with every problem reported at once. */
@NullMarked
package io.tidegate.spec;

import org.jspecify.annotations.NullMarked;
