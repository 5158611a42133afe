/** What history settles before a rollout starts: margins by stage and how long they take. */
@NullMarked
package io.tidegate.analysis.resolve;

import org.jspecify.annotations.NullMarked;
