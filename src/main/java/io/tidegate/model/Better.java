package io.tidegate.model;

/** The direction in which a metric improves. */
public enum Better {
  UP,
  DOWN;

  /** +1 where a larger value is better, −1 where a smaller one is. */
  public int sign() {
    return this == UP ? 1 : -1;
  }
}
