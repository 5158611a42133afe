/** What a series should be at its next rows, told from earlier rows only, and when to alarm. */
@NullMarked
package io.tidegate.analysis.detect;

import org.jspecify.annotations.NullMarked;
