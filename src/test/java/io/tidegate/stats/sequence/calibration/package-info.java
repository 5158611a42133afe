/** Monte-Carlo runs of the sequences beside the measured anchors. */
@NullMarked
package io.tidegate.stats.sequence.calibration;

import org.jspecify.annotations.NullMarked;
