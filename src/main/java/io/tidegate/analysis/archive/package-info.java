/** What the archive keeps of rollout events, and how it counts outcomes by the hour. */
@NullMarked
package io.tidegate.analysis.archive;

import org.jspecify.annotations.NullMarked;
