package io.tidegate.model;

/**
 * Where a record is in Kafka.
 *
 * @param recordTimeMs the record's own timestamp, epoch milliseconds
 */
public record Origin(String topic, int partition, long offset, long recordTimeMs) {}
