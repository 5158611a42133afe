package io.tidegate.model;

import java.util.Locale;

/** How final a figure at an age is. */
public enum Maturity {
  /** Every unit of the cohort has reached the age: the figure is final. */
  MATURE,
  /** Some units have reached the age, or the definition is final only in the limit. */
  PROVISIONAL,
  /** No unit can reach the age before the cohort is censored: there is no figure. */
  CENSORED;

  /** As written in tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
