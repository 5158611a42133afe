/**
 * The benchmark: the gate and its rivals over the same records of an embedded broker, each with its
 * result checked.
 */
@NullMarked
package io.tidegate.cli.bench;

import org.jspecify.annotations.NullMarked;
