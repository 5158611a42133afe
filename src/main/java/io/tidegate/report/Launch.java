package io.tidegate.report;

import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.report.PayBack.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Value against cost: what it was worth, when it paid for itself, what launching to all would. */
final class Launch {

  private static final double EVERYONE = 100;

  private final ReportData data;
  private final Metric metric;
  private final ImpactEstimate toDate;
  private final RolloutSpec.Cost cost;
  private final long startMs;

  /**
   * @param toDate effect of the metric over everyone, with bounds
   */
  private Launch(
      ReportData data,
      Metric metric,
      ImpactEstimate toDate,
      RolloutSpec.Cost cost,
      RolloutEvent first) {
    this.data = data;
    this.metric = metric;
    this.toDate = toDate;
    this.cost = cost;
    this.startMs = first.eventTimeMs();
  }

  /** Sentences; none where there is no cost or no effect to set it against. */
  static List<String> sentences(ReportData data, Metric metric, ImpactEstimate toDate) {
    RolloutSpec.Cost declared = data.spec().cost();
    RolloutEvent first = data.firstEvent(RolloutEvent.Kind.STAGE_ENTERED);
    if (declared == null
        || first == null
        || toDate.effectSize() == null
        || toDate.effectSizeLower() == null
        || toDate.effectSizeUpper() == null
        || toDate.censoredAtMs() <= first.eventTimeMs()) {
      return List.of();
    }
    RolloutSpec.Cost cost = in(metric, declared);
    if (cost == null) {
      return List.of(
          "Value in "
              + Figures.currency(metric)
              + " is not set against a cost in "
              + declared.currency()
              + ": no rate is known.");
    }
    return new Launch(data, metric, toDate, cost, first).sentences();
  }

  /** A cost in a metric's currency; null where the metric has no rate for it. */
  private static RolloutSpec.@Nullable Cost in(Metric metric, RolloutSpec.Cost cost) {
    String currency = Figures.currency(metric);
    if (cost.currency().equals(currency)) {
      return cost;
    }
    Long rate =
        metric.kind() instanceof MetricKind.Sum sum ? sum.rateNanos().get(cost.currency()) : null;
    if (rate == null) {
      return null;
    }
    Map<String, Double> amounts = new TreeMap<>();
    cost.perDay()
        .forEach(
            (kind, amount) ->
                amounts.put(kind, amount * rate / StrictMath.pow(10, MetricKind.Sum.RATE_DIGITS)));
    return new RolloutSpec.Cost(currency, amounts);
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add(net());
    breakEven(sentences);
    full(sentences);
    return sentences;
  }

  private double days() {
    return (toDate.censoredAtMs() - startMs) / (double) TimeUnit.DAYS.toMillis(1);
  }

  private static double said(@Nullable Double number) {
    return number == null ? Double.NaN : number;
  }

  private String net() {
    double spent = days() * cost.totalPerDay();
    long units = toDate.unitsTreatment();
    double net = said(toDate.effectSize()) * units - spent;
    return "After "
        + parts()
        + (toDate.censoring() == Censoring.NO_CONTROL ? " until no control was left, " : ", ")
        + metric.name()
        + " nets "
        + signed(net)
        + " ("
        + Figures.share(1 - toDate.alpha())
        + " range "
        + range(
            said(toDate.effectSizeLower()) * units - spent,
            said(toDate.effectSizeUpper()) * units - spent)
        + ").";
  }

  /** What was spent, by kind as declared. */
  private String parts() {
    List<String> parts = new ArrayList<>();
    cost.perDay().forEach((kind, amount) -> parts.add(kind + " " + money(amount * days())));
    return String.join(" + ", parts);
  }

  private void breakEven(List<String> sentences) {
    PayBack payBack =
        new PayBack(
            data.revenue().stream()
                .filter(r -> r.metric().equals(metric.name()))
                .filter(r -> r.variant().equals(toDate.treatmentVariant()))
                .toList(),
            startMs);
    if (payBack.days() > 0) {
      OptionalInt best = payBack.breakEvenDay(cost.totalPerDay(), Line.BEST);
      sentences.add(
          (best.isPresent()
                  ? "It paid for its own running from day " + best.getAsInt() + " on"
                  : "It has not paid for its own running in " + payBack.days() + " days")
              + " (at the better end of the 95 % range "
              + day(payBack.breakEvenDay(cost.totalPerDay(), Line.UPPER))
              + ", at the worse end "
              + day(payBack.breakEvenDay(cost.totalPerDay(), Line.LOWER))
              + ").");
    }
  }

  private static String day(OptionalInt day) {
    return day.isPresent() ? "from day " + day.getAsInt() + " on" : "not yet";
  }

  /** Units of each stage scaled to everyone, as if they had answered as those treated did. */
  private void full(List<String> sentences) {
    double treated = 0;
    double everyone = 0;
    for (ImpactEstimate stage : data.impacts()) {
      if (stage.isToDate()
          && stage.epoch() >= 0
          && stage.dimension().equals(SegmentDimension.ALL)
          && stage.metric().equals(metric.name())
          && stage.treatmentVariant().equals(toDate.treatmentVariant())) {
        treated += stage.unitsTreatment();
        everyone += stage.unitsTreatment() * EVERYONE / percentTreated(stage.epoch());
      }
    }
    if (everyone > treated && days() > 0) {
      double more = (everyone - treated) / days();
      double lower = said(toDate.effectSizeLower());
      double upper = said(toDate.effectSizeUpper());
      double best = said(toDate.effectSize());
      sentences.add(
          "Given to everyone it would bring about "
              + signed(best * everyone / days())
              + " a day of traffic like this (range "
              + range(lower * everyone / days(), upper * everyone / days())
              + "); a day of waiting "
              + (best < 0 ? "saves " : "costs ")
              + money(Math.abs(best * more))
              + " of it (range "
              + range(lower * more, upper * more)
              + ").");
    }
  }

  /** Share of all traffic that a stage gives this treatment. */
  private double percentTreated(int epoch) {
    RolloutSpec.Flag flag = data.spec().flag();
    double all =
        flag.treatments().stream().mapToDouble(t -> flag.split().getOrDefault(t, 1.0)).sum();
    return data.spec().stages().get(epoch).percent()
        * flag.split().getOrDefault(toDate.treatmentVariant(), 1.0)
        / all;
  }

  private String money(double amount) {
    return Figures.money(amount, cost.currency());
  }

  private String signed(double amount) {
    return Figures.signed(amount) + "\u00a0" + cost.currency();
  }

  private String range(double lower, double upper) {
    return Figures.interval(Figures.signed(lower), Figures.signed(upper));
  }
}
