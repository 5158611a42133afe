package io.tidegate.model;

/**
 * A record that could not be used, and where it is.
 *
 * @param recordTimeMs the Kafka record's own timestamp, epoch milliseconds
 * @param detail one sentence with the field and what was wrong, without the unit id
 * @param payload the first characters of the record, its unit id redacted
 */
public record DeadLetter(
    String topic,
    int partition,
    long offset,
    long recordTimeMs,
    DeadLetterReason reason,
    String detail,
    String payload) {}
