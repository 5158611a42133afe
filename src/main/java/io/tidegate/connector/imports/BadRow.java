package io.tidegate.connector.imports;

import io.tidegate.model.DeadLetterReason;

/** A row cannot be used: which field, what it holds, what was expected. */
final class BadRow extends Exception {

  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  BadRow(DeadLetterReason reason, String field, String value, String expected) {
    super(
        field + (value.isEmpty() ? "" : ": found " + shorten(value)) + ": expected " + expected,
        null,
        false,
        false);
    this.reason = reason;
  }

  DeadLetterReason reason() {
    return reason;
  }

  private static String shorten(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "…";
  }
}
