/**
 * The benchmark of job {@code impact}: retention and cumulative revenue of one history, by the job
 * and by DuckDB over the same Parquet files.
 */
@NullMarked
package io.tidegate.cli.bench.impact;

import org.jspecify.annotations.NullMarked;
