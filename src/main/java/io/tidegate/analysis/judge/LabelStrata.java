package io.tidegate.analysis.judge;

import io.tidegate.stats.sequence.LabelStratum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Events of a 0/1 metric by the treatment's share of the units. Strata of one share add up; beyond
 * {@value #MANY} different shares they are rounded to 1/1024 on the log-odds scale.
 */
final class LabelStrata {

  static final int MANY = 256;
  private static final double STEPS = 1024;

  private Map<Double, long[]> byShare = new TreeMap<>();
  private boolean rounded;

  /** Adds a stratum with units in both variants. */
  void add(long unitsControl, long eventsControl, long unitsTreatment, long eventsTreatment) {
    if (eventsControl == 0 && eventsTreatment == 0) {
      return;
    }
    double share = (double) unitsTreatment / ((double) unitsControl + unitsTreatment);
    put(byShare, rounded ? round(share) : share, eventsControl, eventsTreatment);
    if (!rounded && byShare.size() > MANY) {
      rounded = true;
      Map<Double, long[]> coarse = new TreeMap<>();
      byShare.forEach((s, events) -> put(coarse, round(s), events[0], events[1]));
      byShare = coarse;
    }
  }

  List<LabelStratum> strata() {
    List<LabelStratum> strata = new ArrayList<>(byShare.size());
    byShare.forEach((share, events) -> strata.add(new LabelStratum(share, events[0], events[1])));
    return strata;
  }

  private static void put(Map<Double, long[]> map, double share, long control, long treatment) {
    long[] events = map.computeIfAbsent(share, s -> new long[2]);
    events[0] += control;
    events[1] += treatment;
  }

  private static double round(double share) {
    double logit = StrictMath.log(share / (1 - share));
    double rounded = StrictMath.rint(logit * STEPS) / STEPS;
    return 1 / (1 + StrictMath.exp(-rounded));
  }
}
