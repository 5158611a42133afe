package io.tidegate.analysis.judge;

import io.tidegate.stats.sequence.LabelStratum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Events of a 0/1 metric by the treatment's share of the units. Strata of one share add up; beyond
 * {@value #MANY} different shares those within 1/{@value #STEPS} on the log-odds scale are joined
 * at their events' mean log odds.
 */
final class LabelStrata {

  static final int MANY = 64;
  private static final int STEPS = 32;

  private Map<Double, Bin> bins = new TreeMap<>();
  private boolean joined;

  private static final class Bin {
    private long control;
    private long treatment;
    private double logOddsSum;

    void add(long eventsControl, long eventsTreatment, double logOdds) {
      control += eventsControl;
      treatment += eventsTreatment;
      logOddsSum += (eventsControl + eventsTreatment) * logOdds;
    }

    LabelStratum stratum() {
      double odds = StrictMath.exp(logOddsSum / (control + treatment));
      return new LabelStratum(odds / (1 + odds), control, treatment);
    }
  }

  /** Adds a stratum with units in both variants. */
  void add(long unitsControl, long eventsControl, long unitsTreatment, long eventsTreatment) {
    if (eventsControl == 0 && eventsTreatment == 0) {
      return;
    }
    double logOdds = StrictMath.log((double) unitsTreatment / unitsControl);
    bin(bins, logOdds).add(eventsControl, eventsTreatment, logOdds);
    if (!joined && bins.size() > MANY) {
      joined = true;
      Map<Double, Bin> coarse = new TreeMap<>();
      for (Bin b : bins.values()) {
        double mean = b.logOddsSum / (b.control + b.treatment);
        bin(coarse, mean).add(b.control, b.treatment, mean);
      }
      bins = coarse;
    }
  }

  List<LabelStratum> strata() {
    List<LabelStratum> strata = new ArrayList<>(bins.size());
    bins.values().forEach(b -> strata.add(b.stratum()));
    return strata;
  }

  private Bin bin(Map<Double, Bin> map, double logOdds) {
    double key = joined ? StrictMath.rint(logOdds * STEPS) / STEPS : logOdds;
    return map.computeIfAbsent(key, k -> new Bin());
  }
}
