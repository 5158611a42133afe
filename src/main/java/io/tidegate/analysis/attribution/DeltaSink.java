package io.tidegate.analysis.attribution;

/** Takes what a unit changes; the delta is reused after the call. */
@FunctionalInterface
public interface DeltaSink {

  void post(UnitDelta delta);
}
