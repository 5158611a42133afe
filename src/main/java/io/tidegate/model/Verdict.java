package io.tidegate.model;

/** What the evidence says to do next. */
public enum Verdict {
  ADVANCE(100),
  HOLD(50),
  REVIEW(50),
  ROLLBACK(0);

  private final int score;

  Verdict(int score) {
    this.score = score;
  }

  /** 100 go on, 50 stay, 0 go back: for tools that compare numbers. */
  public int score() {
    return score;
  }
}
