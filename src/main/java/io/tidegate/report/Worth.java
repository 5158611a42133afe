package io.tidegate.report;

import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
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
        sentences.add(value(metric, treatment));
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

  private String value(Metric metric, String treatment) {
    String with = findings.named(treatment).isEmpty() ? "" : " with " + treatment;
    return findings
        .impactToDate(metric, treatment)
        .map(
            i ->
                value(
                    metric,
                    with,
                    i.effectSize(),
                    i.effectSizeLower(),
                    i.effectSizeUpper(),
                    i.unitsTreatment(),
                    i.alpha()))
        .or(
            () ->
                findings
                    .latest(metric, treatment)
                    .map(
                        e ->
                            value(
                                metric,
                                with,
                                e.effectSize(),
                                e.effectSizeLower(),
                                e.effectSizeUpper(),
                                e.unitsTreatment(),
                                e.alpha())))
        .orElse(unsaid(metric, with));
  }

  private static String unsaid(Metric metric, String with) {
    return "The effect on " + metric.name() + with + " cannot be said yet.";
  }

  private static String value(
      Metric metric,
      String with,
      @Nullable Double effect,
      @Nullable Double lower,
      @Nullable Double upper,
      long units,
      double alpha) {
    if (effect == null) {
      return unsaid(metric, with);
    }
    String currency = Figures.currency(metric);
    String total = Figures.money(Math.abs(effect * units), currency);
    String range =
        Figures.interval(
            lower == null ? null : Figures.signed(lower * units),
            upper == null ? null : Figures.signed(upper * units));
    boolean undecided = lower == null || upper == null || (lower <= 0 && upper >= 0);
    String each =
        " ("
            + Figures.difference(metric, effect)
            + " for each of "
            + Figures.count(units)
            + " units)";
    if (undecided) {
      return "So far the change in "
          + metric.name()
          + with
          + " may be a gain or a loss: best guess "
          + (effect < 0 ? "−" : "+")
          + total
          + each
          + ", "
          + Figures.share(1 - alpha)
          + " range "
          + range
          + " "
          + currency
          + ".";
    }
    return "So far the change"
        + with
        + (effect < 0 ? " cost" : " brought")
        + " about "
        + total
        + " of "
        + metric.name()
        + each
        + ", "
        + Figures.share(1 - alpha)
        + " range "
        + range
        + " "
        + currency
        + ".";
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
