/** The live board and the HTTP bridge for rollout tooling. */
@NullMarked
package io.tidegate.serve;

import org.jspecify.annotations.NullMarked;
