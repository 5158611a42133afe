/** The command line: one class a command, results as tables. */
@NullMarked
package io.tidegate.cli;

import org.jspecify.annotations.NullMarked;
