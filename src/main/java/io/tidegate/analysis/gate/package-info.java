/** From sums at a boundary to estimates, reasons and a verdict. */
@NullMarked
package io.tidegate.analysis.gate;

import org.jspecify.annotations.NullMarked;
