/** The command line. */
@NullMarked
package io.tidegate.cli;

import org.jspecify.annotations.NullMarked;
