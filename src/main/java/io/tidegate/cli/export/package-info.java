/** Rows of a query to files that other tools read: CSV and Parquet. */
@NullMarked
package io.tidegate.cli.export;

import org.jspecify.annotations.NullMarked;
