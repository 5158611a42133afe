package io.tidegate.model;

import java.math.BigInteger;

/**
 * A part of the count and sum of an outcome in an hour; parts with the same key add up.
 *
 * @param hourStartMs start of the UTC hour of the event times, epoch milliseconds
 * @param dimension attribute broken down by; {@code all} for the whole
 * @param segment its value; {@code *} for the whole
 * @param valueCount outcomes among {@code count} that have a value
 * @param valueSumMicros sum of the values ×10⁶
 */
public record HourlyCount(
    long hourStartMs,
    String outcomeName,
    String dimension,
    String segment,
    long count,
    long valueCount,
    BigInteger valueSumMicros) {}
