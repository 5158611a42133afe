/** Kafka and Iceberg sources and sinks made from configuration, and the embedded platform. */
@NullMarked
package io.tidegate.connector;

import org.jspecify.annotations.NullMarked;
