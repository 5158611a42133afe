/**
 * Inference that stays valid under a look at every event: normal mixtures, label and sample-ratio
 * e-processes, quantile sequences, multiplicity.
 */
@NullMarked
package io.tidegate.stats.sequence;

import org.jspecify.annotations.NullMarked;
