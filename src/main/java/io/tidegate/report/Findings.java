package io.tidegate.report;

import io.tidegate.model.Assignment;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Purpose;
import io.tidegate.model.ReportData;
import io.tidegate.model.Role;
import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Picks from a rollout's rows the ones that answer a question. */
final class Findings {

  private final ReportData data;

  Findings(ReportData data) {
    this.data = data;
  }

  /** The metric that the rollout is about: the hypothesis's, else the first hoped for. */
  Metric primaryMetric() {
    List<Metric> metrics = data.spec().metrics();
    return metrics.stream()
        .filter(m -> m.name().equals(data.spec().hypothesis().metric()))
        .findFirst()
        .or(() -> metrics.stream().filter(m -> m.role() == Role.SUCCESS).findFirst())
        .orElseGet(() -> metrics.get(0));
  }

  List<String> treatments() {
    return data.spec().flag().treatments();
  }

  /** A treatment's name where there are several to tell apart, else nothing. */
  String named(String treatment) {
    return treatments().size() > 1 ? treatment : "";
  }

  Contrast contrast(Metric metric, Estimate e) {
    return Contrast.of(metric, named(e.treatmentVariant()), e);
  }

  /**
   * What is known of a metric over everyone, one a treatment of which something is: to date if
   * {@code impact} ran, else at the gate.
   */
  List<Contrast> overall(Metric metric) {
    return treatments().stream().flatMap(t -> overall(metric, t).stream()).toList();
  }

  private Optional<Contrast> overall(Metric metric, String treatment) {
    return impactToDate(metric, treatment)
        .filter(i -> i.effectSize() != null)
        .map(i -> Contrast.of(metric, named(treatment), i))
        .or(() -> latest(metric, treatment).map(e -> contrast(metric, e)));
  }

  /** The rollout to date of a metric over everyone. */
  Optional<ImpactEstimate> impactToDate(Metric metric, String treatment) {
    return data.impacts().stream()
        .filter(i -> i.epoch() == ImpactEstimate.TO_DATE_EPOCH && i.isToDate())
        .filter(i -> i.dimension().equals(SegmentDimension.ALL))
        .filter(i -> i.metric().equals(metric.name()) && i.treatmentVariant().equals(treatment))
        .findFirst();
  }

  /** The newest two-sided estimate of a metric over everyone, against control. */
  Optional<Estimate> latest(Metric metric, String treatment) {
    return data.estimates().stream()
        .filter(e -> e.basis().equals(Estimate.CONCURRENT))
        .filter(e -> e.dimension().equals(SegmentDimension.ALL))
        .filter(e -> e.metric().equals(metric.name()) && e.treatmentVariant().equals(treatment))
        .filter(e -> e.purpose() == shownPurpose(metric))
        .reduce((a, b) -> b);
  }

  /**
   * The purpose whose bounds against control describe a metric best: a success metric's own, else
   * the proof of no loss, else what there is.
   */
  Purpose shownPurpose(Metric metric) {
    List<Purpose> order =
        metric.role() == Role.SUCCESS
            ? List.of(Purpose.SUCCESS, Purpose.NON_INFERIORITY, Purpose.DETERIORATION, Purpose.HARM)
            : List.of(
                Purpose.NON_INFERIORITY, Purpose.SUCCESS, Purpose.HARM, Purpose.DETERIORATION);
    return order.stream()
        .filter(
            p ->
                data.estimates().stream()
                    .filter(e -> e.basis().equals(Estimate.CONCURRENT))
                    .anyMatch(e -> e.purpose() == p && e.metric().equals(metric.name())))
        .findFirst()
        .orElse(order.get(0));
  }

  /** The harm that decided a signal: the strongest evidence among its rows; empty where none. */
  Optional<Contrast> harm(GateSignal signal) {
    List<Estimate> rows = new ArrayList<>(signal.evidence());
    data.estimates().stream().filter(e -> e.boundaryMs() == signal.boundaryMs()).forEach(rows::add);
    return rows.stream()
        .filter(e -> e.purpose() == Purpose.HARM && e.eValueLog() != null)
        .max(Comparator.comparingDouble(e -> e.eValueLog() == null ? 0 : e.eValueLog()))
        .flatMap(e -> metric(e.metric()).map(m -> contrast(m, e)));
  }

  Optional<Metric> metric(String name) {
    return data.spec().metrics().stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /** Metrics in money, which say what a rollout is worth. */
  List<Metric> moneyMetrics() {
    return data.spec().metrics().stream()
        .filter(m -> m.kind() instanceof MetricKind.Sum sum && sum.currency() != null)
        .toList();
  }

  /** The lines that an effect is drawn in: one a process and treatment, in boundary order. */
  Map<String, List<Estimate>> lines(Metric metric) {
    Purpose purpose = shownPurpose(metric);
    Map<String, List<Estimate>> lines = new LinkedHashMap<>();
    for (Estimate e : data.estimates()) {
      if (e.metric().equals(metric.name())
          && e.dimension().equals(SegmentDimension.ALL)
          && e.purpose() == purpose
          && e.normalisation().equals(Estimate.RAW)) {
        lines.computeIfAbsent(lineOf(e), k -> new ArrayList<>()).add(e);
      }
    }
    return lines;
  }

  /**
   * Whether a row counts the units of the stages before, too: not where each stage is judged by
   * itself, and not those first seen in a stage for all, who are compared with who is held out.
   */
  boolean isOfAllStages(Estimate e) {
    return data.spec().assignment() == Assignment.MATCHED
        && data.spec().stages().stream()
            .noneMatch(stage -> stage.name().equals(e.stage()) && stage.percent() >= 100);
  }

  private String lineOf(Estimate e) {
    boolean perStage = data.spec().assignment() == Assignment.RAMPED;
    return e.treatmentVariant() + (perStage ? " · " + e.stage() : "") + basisOf(e);
  }

  private static String basisOf(Estimate e) {
    return e.basis().equals(Estimate.BASELINE) ? " · against history" : "";
  }

  /**
   * The last row of every segment and treatment of a metric, the whole first. A segment is tested
   * for harm only where the metric can roll back, so that row is taken before any other.
   */
  List<Estimate> segments(Metric metric) {
    Purpose whole = shownPurpose(metric);
    Map<String, Estimate> last = new LinkedHashMap<>();
    for (Estimate e : data.estimates()) {
      boolean all = e.dimension().equals(SegmentDimension.ALL);
      if (e.metric().equals(metric.name())
          && (all ? e.purpose() == whole : e.purpose() == Purpose.HARM || e.purpose() == whole)
          && e.basis().equals(Estimate.CONCURRENT)
          && e.normalisation().equals(Estimate.RAW)) {
        last.merge(
            e.dimension() + "=" + e.segment() + "/" + e.treatmentVariant(),
            e,
            (a, b) ->
                a.boundaryMs() == b.boundaryMs() && a.purpose() == Purpose.HARM && !all ? a : b);
      }
    }
    return last.values().stream()
        .sorted(
            Comparator.comparing((Estimate e) -> !e.dimension().equals(SegmentDimension.ALL))
                .thenComparing(Estimate::dimension)
                .thenComparing(Estimate::segment)
                .thenComparing(Estimate::treatmentVariant))
        .toList();
  }

  /**
   * Everyone at a segment's boundary: the row of the same purpose, else the one that describes the
   * metric best.
   */
  Optional<Estimate> everyone(Metric metric, Estimate segment) {
    Purpose shown = shownPurpose(metric);
    return data.estimates().stream()
        .filter(e -> e.dimension().equals(SegmentDimension.ALL))
        .filter(e -> e.boundaryMs() == segment.boundaryMs() && e.epoch() == segment.epoch())
        .filter(e -> e.metric().equals(segment.metric()))
        .filter(e -> e.treatmentVariant().equals(segment.treatmentVariant()))
        .filter(e -> e.basis().equals(Estimate.CONCURRENT))
        .filter(e -> e.normalisation().equals(Estimate.RAW))
        .filter(e -> e.purpose() == segment.purpose() || e.purpose() == shown)
        .min(Comparator.comparing(e -> e.purpose() != segment.purpose()));
  }

  /** The newest estimate of every stage over everyone: who was in it. */
  Map<String, Estimate> unitsByStage() {
    Map<String, Estimate> last = new LinkedHashMap<>();
    for (Estimate e : data.estimates()) {
      if (e.dimension().equals(SegmentDimension.ALL) && e.basis().equals(Estimate.CONCURRENT)) {
        last.merge(
            e.stage() + "/" + e.treatmentVariant(),
            e,
            (a, b) -> a.boundaryMs() == b.boundaryMs() && units(a) >= units(b) ? a : b);
      }
    }
    return last;
  }

  private static long units(Estimate e) {
    return e.unitsControl() + e.unitsTreatment();
  }

  /** Dimension → how many of the segments withheld at some time are not shown now either. */
  Map<String, Integer> notShown(Map<String, Set<String>> hidden) {
    Map<String, Integer> counts = new TreeMap<>();
    hidden.forEach(
        (dimension, segments) -> {
          Set<String> never = new HashSet<>(segments);
          data.estimates().stream()
              .filter(e -> e.dimension().equals(dimension))
              .forEach(e -> never.remove(e.segment()));
          if (!never.isEmpty()) {
            counts.put(dimension, never.size());
          }
        });
    return counts;
  }

  static @Nullable Double scaled(@Nullable Double x, double factor) {
    return x == null ? null : x * factor;
  }
}
