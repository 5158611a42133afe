package io.tidegate.model;

/**
 * One step of a verdict's reasoning.
 *
 * @param code stable, in capitals, such as {@code HARM_SHOWN}
 * @param sentence for a person, with figures
 * @param observed the figure; empty where none
 * @param threshold what it was held against; empty where none
 */
public record Reason(String code, String sentence, String observed, String threshold) {}
