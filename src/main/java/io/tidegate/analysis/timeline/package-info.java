/** What happened to a rollout and when: attempts, epochs, boundaries, decisions. */
@NullMarked
package io.tidegate.analysis.timeline;

import org.jspecify.annotations.NullMarked;
