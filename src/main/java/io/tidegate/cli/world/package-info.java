/** Where a simulated world is written. */
@NullMarked
package io.tidegate.cli.world;

import org.jspecify.annotations.NullMarked;
