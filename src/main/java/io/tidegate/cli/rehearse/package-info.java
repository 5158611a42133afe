/**
 * Drills of a rollout's gate: its real logic over a simulated world in which something goes wrong.
 */
@NullMarked
package io.tidegate.cli.rehearse;

import org.jspecify.annotations.NullMarked;
