package io.tidegate.model;

import java.util.Locale;

/** The question an estimate answers. */
public enum Purpose {
  HARM,
  DETERIORATION,
  NON_INFERIORITY,
  SUCCESS;

  /** As written in tables and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
