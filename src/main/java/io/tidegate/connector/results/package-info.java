/** Reads what the jobs wrote about a rollout from the Iceberg tables, without an engine. */
@NullMarked
package io.tidegate.connector.results;

import org.jspecify.annotations.NullMarked;
