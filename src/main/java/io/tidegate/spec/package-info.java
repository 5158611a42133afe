/** Rollout specs: YAML or JSON, checked by schema and across fields, to records and back. */
@NullMarked
package io.tidegate.spec;

import org.jspecify.annotations.NullMarked;
