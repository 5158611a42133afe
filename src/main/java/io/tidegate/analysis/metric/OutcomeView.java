package io.tidegate.analysis.metric;

/** One outcome as a metric sees it. */
public interface OutcomeView {

  String name();

  /** Value ×10⁶; 0 where the outcome carries none. */
  long valueMicros();

  /** Value of an attribute; empty where absent. */
  String attribute(String name);
}
