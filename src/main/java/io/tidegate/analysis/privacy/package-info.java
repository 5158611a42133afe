/** Which segments may be shown to people without telling about single units. */
@NullMarked
package io.tidegate.analysis.privacy;

import org.jspecify.annotations.NullMarked;
