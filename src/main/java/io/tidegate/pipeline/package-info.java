/** Job graphs as functions from streams to streams, with a name and a uid on every step. */
@NullMarked
package io.tidegate.pipeline;

import org.jspecify.annotations.NullMarked;
