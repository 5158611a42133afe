package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the change brought in money to those who got it, and what the rollout cost. */
final class Worth {

  private final ReportData data;
  private final Findings findings;

  Worth(ReportData data, Findings findings) {
    this.data = data;
    this.findings = findings;
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    List<String> againstCost = new ArrayList<>();
    for (Metric metric : findings.moneyMetrics()) {
      for (String treatment : findings.treatments()) {
        sentences.addAll(value(metric, treatment));
        if (findings.named(treatment).isEmpty()) {
          findings
              .impactToDate(metric, treatment)
              .ifPresent(i -> againstCost.addAll(Launch.sentences(data, metric, i)));
        }
      }
    }
    if (sentences.isEmpty()) {
      sentences.add("Not known in money: no metric of this rollout is a sum with a currency.");
    }
    sentences.addAll(againstCost);
    String cost = cost();
    if (againstCost.isEmpty() && !cost.isEmpty()) {
      sentences.add(cost);
    }
    return sentences;
  }

  /** The total, and which range to quote where there are two. */
  private List<String> value(Metric metric, String treatment) {
    String with = findings.named(treatment).isEmpty() ? "" : " with " + treatment;
    Optional<Total> toDate = findings.impactToDate(metric, treatment).flatMap(Total::of);
    Optional<Estimate> latest = findings.latest(metric, treatment);
    Optional<Total> gate = latest.flatMap(Total::of);
    Total told = toDate.or(() -> gate).orElse(null);
    if (told == null) {
      return List.of("The effect on " + metric.name() + with + " cannot be said yet.");
    }
    List<String> sentences = new ArrayList<>();
    sentences.add(value(metric, with, told));
    if (toDate.isPresent() && latest.filter(findings::isOfAllStages).isPresent()) {
      gate.filter(Total::bounded)
          .ifPresent(
              g ->
                  sentences.add(
                      "Quote the "
                          + Figures.share(1 - g.alpha)
                          + " range that holds at every look, "
                          + g.range(metric)
                          + " as of "
                          + Figures.time(g.asOfMs)
                          + ": what is seen decides when a rollout ends. The narrower one holds at"
                          + " a look whose time was fixed before, and goes with the figures by"
                          + " age."));
    }
    return sentences;
  }

  /**
   * What a treatment did to the sum of a metric over its units.
   *
   * @param effect difference a unit
   * @param asOfMs event time up to which units and their outcomes count
   */
  private record Total(
      double effect,
      @Nullable Double lower,
      @Nullable Double upper,
      long units,
      double alpha,
      long asOfMs,
      boolean everyLook) {

    static Optional<Total> of(ImpactEstimate i) {
      return Optional.ofNullable(i.effectSize())
          .map(
              effect ->
                  new Total(
                      effect,
                      i.effectSizeLower(),
                      i.effectSizeUpper(),
                      i.unitsTreatment(),
                      i.alpha(),
                      i.censoredAtMs(),
                      false));
    }

    static Optional<Total> of(Estimate e) {
      return Optional.ofNullable(e.effectSize())
          .map(
              effect ->
                  new Total(
                      effect,
                      e.effectSizeLower(),
                      e.effectSizeUpper(),
                      e.unitsTreatment(),
                      e.alpha(),
                      e.boundaryMs(),
                      true));
    }

    boolean bounded() {
      return lower != null && upper != null;
    }

    boolean undecided() {
      return lower == null || upper == null || (lower <= 0 && upper >= 0);
    }

    String range(Metric metric) {
      return Figures.interval(
              lower == null ? null : Figures.signed(lower * units),
              upper == null ? null : Figures.signed(upper * units))
          + " "
          + Figures.currency(metric);
    }
  }

  private static String value(Metric metric, String with, Total told) {
    double effect = told.effect;
    String total = Figures.money(Math.abs(effect * told.units), Figures.currency(metric));
    String capped = Figures.capped(metric);
    String each =
        " ("
            + Figures.difference(metric, effect)
            + " for each of "
            + Figures.count(told.units)
            + " units"
            + (capped.isEmpty() ? "" : ", each counted with at most " + capped)
            + ")";
    String range =
        ", "
            + Figures.share(1 - told.alpha)
            + " range at "
            + (told.everyLook ? "every look " : "one look ")
            + told.range(metric)
            + ".";
    String what =
        told.undecided()
            ? " the change in "
                + metric.name()
                + with
                + " may be a gain or a loss: best guess "
                + (effect < 0 ? "−" : "+")
                + total
            : " the change"
                + with
                + (effect < 0 ? " cost" : " brought")
                + " about "
                + total
                + " of "
                + metric.name();
    return "Up to " + Figures.time(told.asOfMs) + what + each + range;
  }

  private String cost() {
    RolloutSpec.Cost cost = data.spec().cost();
    RolloutEvent first = data.firstEvent(RolloutEvent.Kind.STAGE_ENTERED);
    if (cost == null || first == null || data.asOfMs() <= first.eventTimeMs()) {
      return "";
    }
    double days = (data.asOfMs() - first.eventTimeMs()) / (double) TimeUnit.DAYS.toMillis(1);
    double perDay = cost.totalPerDay();
    return "Running the rollout for "
        + Figures.number(days)
        + " days cost about "
        + Figures.money(days * perDay, cost.currency())
        + " ("
        + Figures.money(perDay, cost.currency())
        + " a day as declared).";
  }
}
