package io.tidegate.model;

import java.util.Map;

/**
 * A message on its way to Kafka.
 *
 * @param key empty for none
 * @param headers in no order; CloudEvents attributes where it is one
 * @param timestampMs the record's timestamp, epoch milliseconds; negative for the time of sending
 */
public record OutRecord(
    String topic, String key, Map<String, String> headers, byte[] value, long timestampMs) {}
