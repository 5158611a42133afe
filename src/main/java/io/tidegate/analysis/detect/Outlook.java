package io.tidegate.analysis.detect;

/**
 * What is expected of a row that is not there yet.
 *
 * @param epochMs start of its bucket
 * @param lower 2.5 % lie below
 * @param upper 2.5 % lie above
 */
public record Outlook(long epochMs, double expected, double lower, double upper) {}
