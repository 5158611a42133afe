/**
 * The rules: attribution of outcomes to units, baselines, retention, impact and the gate policy.
 */
@NullMarked
package io.tidegate.analysis;

import org.jspecify.annotations.NullMarked;
