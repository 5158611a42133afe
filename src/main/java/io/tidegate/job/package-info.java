/** One main per Flink job: configuration, sources, pipeline, sinks, execute. */
@NullMarked
package io.tidegate.job;

import org.jspecify.annotations.NullMarked;
