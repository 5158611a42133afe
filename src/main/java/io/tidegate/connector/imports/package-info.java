/** Rows of CSV, TSV, blank-separated and Parquet files to exposures and outcomes. */
@NullMarked
package io.tidegate.connector.imports;

import org.jspecify.annotations.NullMarked;
