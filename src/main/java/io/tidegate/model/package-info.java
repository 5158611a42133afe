/** The vocabulary of a rollout: records, enums and sealed verdicts. */
@NullMarked
package io.tidegate.model;

import org.jspecify.annotations.NullMarked;
