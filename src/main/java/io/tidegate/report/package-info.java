/** Results rendered as one self-contained HTML file. */
@NullMarked
package io.tidegate.report;

import org.jspecify.annotations.NullMarked;
