package io.tidegate.analysis.privacy;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Incident;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.StageComparison;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rollout's rows as people may see them: {@link SmallCells} applied to every family of rows that
 * differ only by segment, and to every row that follows one already shown.
 *
 * @param data what is left
 * @param hidden dimension → segments of which at least one row was withheld
 */
public record PublishedRows(ReportData data, Map<String, Set<String>> hidden) {

  /** What stands in a sentence in place of a hidden segment. */
  public static final String SMALL = "(small)";

  /** Applies the rollout's {@code privacy.min_segment_units}. */
  public static PublishedRows of(ReportData all) {
    SmallCells rule = new SmallCells(all.spec().minSegmentUnits());
    Map<String, Set<String>> hidden = new TreeMap<>();
    List<Estimate> estimates = settled(rule, withoutSmall(rule, all.estimates(), ESTIMATE, hidden));
    Looks looks = looks(all.estimates(), estimates);
    ReportData shown =
        new ReportData(
            all.spec(),
            all.resolved(),
            all.specText(),
            all.attempt(),
            all.asOfMs(),
            all.events(),
            all.signals().stream()
                .map(s -> settled(looks, withoutNames(s, estimates, hidden)))
                .toList(),
            estimates,
            all.baseline(),
            all.health(),
            withoutSmall(rule, all.retention(), RETENTION, hidden),
            withoutSmall(rule, all.revenue(), REVENUE, hidden),
            withoutSmall(rule, all.impacts(), IMPACT, hidden),
            withoutSmall(rule, all.comparisons(), COMPARISON, hidden),
            all.runStamp());
    return new PublishedRows(shown, hidden);
  }

  private static Looks looks(List<Estimate> all, List<Estimate> published) {
    Set<Estimate> shown = Collections.newSetFromMap(new IdentityHashMap<>());
    shown.addAll(published);
    Looks looks = new Looks(Integer.MAX_VALUE);
    all.stream().filter(e -> !whole(e.dimension())).forEach(e -> looks.add(e, shown.contains(e)));
    return looks;
  }

  /** A signal whose sentences tell figures of a segment only where its rows were published then. */
  private static GateSignal settled(Looks looks, GateSignal signal) {
    long atMs = signal.boundaryMs();
    return signal.told(
        signal.reasons().stream()
            .map(r -> looks.mayTell(r.sentence(), atMs) ? r : Looks.words(r, Looks.TOO_FEW))
            .toList(),
        signal.evidence(),
        signal.missing().stream()
            .map(m -> looks.mayTell(m, atMs) ? m : Looks.words(m, Looks.TOO_FEW))
            .toList());
  }

  /** A signal that names a once hidden segment only if its estimates were shown by then. */
  private static GateSignal withoutNames(
      GateSignal signal, List<Estimate> shown, Map<String, Set<String>> hidden) {
    Set<List<String>> secret = cells(hidden);
    for (Estimate e : shown) {
      if (e.boundaryMs() <= signal.boundaryMs()) {
        secret.remove(List.of(e.dimension(), e.segment()));
      }
    }
    return withoutNames(signal, secret);
  }

  /** Dimension and segment of each; may be changed. */
  static Set<List<String>> cells(Map<String, Set<String>> byDimension) {
    Set<List<String>> cells = new HashSet<>();
    byDimension.forEach((dimension, all) -> all.forEach(s -> cells.add(List.of(dimension, s))));
    return cells;
  }

  /** An incident that names none of the cells. */
  static Incident withoutNames(Incident incident, Set<List<String>> secret) {
    if (secret.isEmpty()) {
      return incident;
    }
    Map<String, String> cause = new TreeMap<>(incident.commonCause());
    cause.replaceAll((dimension, s) -> secret.contains(List.of(dimension, s)) ? SMALL : s);
    return new Incident(
        incident.incidentId(),
        incident.eventTimeMs(),
        incident.openedAtMs(),
        incident.closedAtMs(),
        incident.rolloutId(),
        incident.kind(),
        incident.severity(),
        unnamed(incident.sentence(), secret),
        incident.metrics(),
        cause,
        incident.blamesRollout(),
        incident.owner(),
        incident.respondByMs(),
        incident.observed(),
        incident.expected());
  }

  /** A signal that names none of the cells. */
  static GateSignal withoutNames(GateSignal signal, Set<List<String>> secret) {
    if (secret.isEmpty()) {
      return signal;
    }
    return signal.told(
        signal.reasons().stream()
            .map(
                r ->
                    new Reason(
                        r.code(), unnamed(r.sentence(), secret), r.observed(), r.threshold()))
            .toList(),
        signal.evidence().stream()
            .filter(e -> !secret.contains(List.of(e.dimension(), e.segment())))
            .toList(),
        signal.missing().stream().map(m -> unnamed(m, secret)).toList());
  }

  private static String unnamed(String text, Set<List<String>> secret) {
    String safe = text;
    for (List<String> cell : secret) {
      safe =
          named(cell).matcher(safe).replaceAll(Matcher.quoteReplacement(cell.get(0) + "=" + SMALL));
    }
    return safe;
  }

  /** Where a text names a segment. */
  static Pattern named(List<String> cell) {
    return Pattern.compile(Pattern.quote(cell.get(0) + "=" + cell.get(1)) + "(?![\\w-])");
  }

  /** How to read a row as a cell: what it shares with its siblings, and how many units it has. */
  record Reading<R>(
      Function<R, String> dimension,
      Function<R, String> segment,
      Function<R, List<?>> family,
      ToLongFunction<R> units) {}

  static final Reading<Estimate> ESTIMATE =
      new Reading<>(
          Estimate::dimension,
          Estimate::segment,
          e -> {
            List<Object> series = new ArrayList<>(seriesOf(e));
            series.add(e.boundaryMs());
            return series;
          },
          e -> SmallCells.smaller(e.unitsControl(), e.unitsTreatment()));

  private static final Reading<RetentionPoint> RETENTION =
      new Reading<>(
          RetentionPoint::dimension,
          RetentionPoint::segment,
          p -> List.of(p.epoch(), p.metric(), p.cohort(), p.definition(), p.period(), p.age()),
          p -> p.rate() == null ? p.units() : Math.min(p.units(), p.eligible()));

  private static final Reading<RevenuePoint> REVENUE =
      new Reading<>(
          RevenuePoint::dimension,
          RevenuePoint::segment,
          p -> List.of(p.epoch(), p.metric(), p.ageDays()),
          p -> p.mean() == null ? p.units() : Math.min(p.units(), p.unitsMature()));

  private static final Reading<ImpactEstimate> IMPACT =
      new Reading<>(
          ImpactEstimate::dimension,
          ImpactEstimate::segment,
          i ->
              List.of(
                  i.epoch(), i.metric(), i.treatmentVariant(), i.aspect(), i.ageDays(), i.method()),
          i -> SmallCells.smaller(i.unitsControl(), i.unitsTreatment()));

  /** Of a baseline there are no units that could be small; all of a dimension is no segment. */
  private static final Reading<StageComparison> COMPARISON =
      new Reading<>(
          StageComparison::dimension,
          StageComparison::segment,
          c ->
              List.of(
                  c.epoch(),
                  c.metric(),
                  c.variant(),
                  c.basis(),
                  c.normalisation(),
                  c.segment().equals(SegmentDimension.EVERY_UNIT)),
          c ->
              c.basis().equals(StageComparison.BASELINE)
                  ? c.unitsTreatment()
                  : SmallCells.smaller(c.unitsControl(), c.unitsTreatment()));

  /** What the rows of one segment's course have in common, but for the segment. */
  static List<Object> seriesOf(Estimate e) {
    return List.of(
        e.epoch(),
        e.metric(),
        e.purpose(),
        e.basis(),
        e.normalisation(),
        e.controlVariant(),
        e.treatmentVariant(),
        e.dimension());
  }

  static <R> List<R> withoutSmall(
      SmallCells rule, List<R> rows, Reading<R> reading, Map<String, Set<String>> hidden) {
    Map<List<Object>, Map<String, Long>> families = new LinkedHashMap<>();
    for (R row : rows) {
      if (!whole(reading.dimension().apply(row))) {
        families
            .computeIfAbsent(familyOf(reading, row), k -> new TreeMap<>())
            .merge(reading.segment().apply(row), reading.units().applyAsLong(row), Math::min);
      }
    }
    Map<List<Object>, Set<String>> small = new HashMap<>();
    families.forEach((family, cells) -> small.put(family, rule.hidden(cells)));
    List<R> shown = new ArrayList<>(rows.size());
    for (R row : rows) {
      String dimension = reading.dimension().apply(row);
      String segment = reading.segment().apply(row);
      if (whole(dimension)
          || !small.getOrDefault(familyOf(reading, row), Set.of()).contains(segment)) {
        shown.add(row);
      } else {
        hidden.computeIfAbsent(dimension, k -> new TreeSet<>()).add(segment);
      }
    }
    return shown;
  }

  private static <R> List<Object> familyOf(Reading<R> reading, R row) {
    return List.of(reading.dimension().apply(row), reading.family().apply(row));
  }

  /** Drops rows that follow the shown one of their series by too few units. */
  private static List<Estimate> settled(SmallCells rule, List<Estimate> rows) {
    Map<List<Object>, Estimate> published = new HashMap<>();
    List<Estimate> shown = new ArrayList<>(rows.size());
    for (Estimate row : rows) {
      List<Object> series = List.of(seriesOf(row), row.segment());
      Estimate before = published.get(series);
      if (whole(row.dimension())
          || before == null
          || rule.mayReplace(
              before.unitsControl(),
              before.unitsTreatment(),
              row.unitsControl(),
              row.unitsTreatment())) {
        published.put(series, row);
        shown.add(row);
      }
    }
    return shown;
  }

  static boolean whole(String dimension) {
    return dimension.equals(SegmentDimension.ALL);
  }
}
