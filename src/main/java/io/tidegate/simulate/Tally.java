package io.tidegate.simulate;

import static io.tidegate.model.SegmentDimension.ALL;
import static io.tidegate.model.SegmentDimension.EVERY_UNIT;

import io.tidegate.model.Assignment;
import io.tidegate.model.Exposure;
import io.tidegate.model.Metric;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds units up by the rules of the estimands, unit by unit from the events: slow and plain, to
 * hold a job against. {@code matched}: a unit enters once, at its first exposure, and counts until
 * the first stage without control. {@code ramped}: a unit enters in each stage at its first
 * exposure after the settle time unless it was treated or unsettled before, and counts inside the
 * stage.
 */
final class Tally {

  private final RolloutSpec spec;
  private final List<Attempt> attempts;
  private final long boundaryMs;
  private final Map<Cell, long[]> cells = new TreeMap<>(Cell.ORDER);

  /** One ramp from its first stage to its rollback. */
  private record Attempt(int number, List<Epoch> epochs) {}

  /** A stage of an attempt, [fromMs, untilMs). */
  private record Epoch(int stage, long fromMs, long untilMs) {}

  private record Cell(
      int attempt,
      int stage,
      double stratum,
      int variant,
      String dimension,
      String segment,
      int metric) {
    static final java.util.Comparator<Cell> ORDER =
        java.util.Comparator.comparingInt(Cell::attempt)
            .thenComparingInt(Cell::stage)
            .thenComparingDouble(Cell::stratum)
            .thenComparingInt(Cell::variant)
            .thenComparing(Cell::dimension)
            .thenComparing(Cell::segment)
            .thenComparingInt(Cell::metric);
  }

  Tally(RolloutSpec spec, List<Truth.Entry> entries, long boundaryMs) {
    this.spec = spec;
    this.boundaryMs = boundaryMs;
    this.attempts = attempts(entries);
  }

  void add(Ledger.Log log) {
    if (spec.assignment() == Assignment.MATCHED) {
      matched(log);
    } else {
      ramped(log);
    }
  }

  List<Truth.Row> rows() {
    List<Truth.Row> rows = new ArrayList<>();
    cells.forEach(
        (cell, sums) ->
            rows.add(
                new Truth.Row(
                    cell.attempt(),
                    spec.stages().get(cell.stage()).name(),
                    cell.stratum(),
                    spec.flag().variants().get(cell.variant()),
                    cell.dimension(),
                    cell.segment(),
                    spec.metrics().get(cell.metric()).name(),
                    sums[0],
                    sums[1],
                    sums[2],
                    sums[3])));
    return rows;
  }

  /** Epochs with a concurrent control, by attempt. */
  private List<Attempt> attempts(List<Truth.Entry> entries) {
    List<Attempt> found = new ArrayList<>();
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Truth.Entry entry = entries.get(i);
      long until = i + 1 < entries.size() ? entries.get(i + 1).fromMs() : Long.MAX_VALUE;
      if (entry.stage() == Timeline.NONE) {
        found.add(new Attempt(found.size() + 1, epochs));
        epochs = new ArrayList<>();
      } else if (isJudged(spec.stages().get(entry.stage()))) {
        epochs.add(new Epoch(entry.stage(), entry.fromMs(), Math.min(until, boundaryMs)));
      }
    }
    found.add(new Attempt(found.size() + 1, epochs));
    return found;
  }

  private boolean isJudged(Stage stage) {
    return spec.assignment() == Assignment.MATCHED ? stage.percent() < 100 : spec.hasControl(stage);
  }

  private void matched(Ledger.Log log) {
    for (Attempt attempt : attempts) {
      for (Exposure exposure : log.exposures) {
        int variant = spec.flag().variantIndex(exposure.variant());
        Epoch epoch = epochAt(attempt, exposure.eventTimeMs());
        if (variant >= 0 && epoch != null) {
          long until = attempt.epochs().get(attempt.epochs().size() - 1).untilMs();
          count(attempt, epoch, 0, variant, exposure, until, log.outcomes);
          return;
        }
      }
    }
  }

  private void ramped(Ledger.Log log) {
    double share = 0;
    boolean treated = false;
    for (Attempt attempt : attempts) {
      boolean sitsOut = false;
      for (Epoch epoch : attempt.epochs()) {
        Stage stage = spec.stages().get(epoch.stage());
        long settledMs = epoch.fromMs() + stage.settle().toMillis();
        List<Exposure> inside = within(log, epoch.fromMs(), epoch.untilMs());
        boolean unsettled = inside.stream().anyMatch(e -> e.eventTimeMs() < settledMs);
        List<Exposure> settled = inside.stream().filter(e -> e.eventTimeMs() >= settledMs).toList();
        sitsOut |= unsettled;
        if (!treated && !sitsOut && !settled.isEmpty()) {
          Exposure first = settled.get(0);
          int variant = spec.flag().variantIndex(first.variant());
          count(attempt, epoch, share, variant, first, epoch.untilMs(), log.outcomes);
        }
        treated |= inside.stream().anyMatch(e -> spec.flag().variantIndex(e.variant()) > 0);
        if (settled.stream().anyMatch(e -> spec.flag().variantIndex(e.variant()) == 0)) {
          share = Math.max(share, stage.percent() / 100);
          sitsOut = false;
        }
      }
    }
  }

  private void count(
      Attempt attempt,
      Epoch epoch,
      double stratum,
      int variant,
      Exposure entry,
      long untilMs,
      List<Outcome> outcomes) {
    for (int m = 0; m < spec.metrics().size(); m++) {
      Metric metric = spec.metrics().get(m);
      long[] number = UnitNumber.of(metric.kind(), entry.eventTimeMs(), untilMs, outcomes);
      if (number.length == 0) {
        continue;
      }
      add(new Cell(attempt.number(), epoch.stage(), stratum, variant, ALL, EVERY_UNIT, m), number);
      for (SegmentDimension dimension : spec.segments()) {
        String value = entry.attributes().getOrDefault(dimension.name(), "");
        String segment =
            dimension.values().isEmpty() && !value.isEmpty() ? value : dimension.segmentOf(value);
        add(
            new Cell(
                attempt.number(), epoch.stage(), stratum, variant, dimension.name(), segment, m),
            number);
      }
    }
  }

  private void add(Cell cell, long[] number) {
    long[] sums = cells.computeIfAbsent(cell, c -> new long[4]);
    sums[0]++;
    sums[1] += number[0] != 0 ? 1 : 0;
    sums[2] += number[0];
    sums[3] += number[1];
  }

  private static List<Exposure> within(Ledger.Log log, long fromMs, long untilMs) {
    return log.exposures.stream()
        .filter(e -> e.eventTimeMs() >= fromMs && e.eventTimeMs() < untilMs)
        .toList();
  }

  private static @org.jspecify.annotations.Nullable Epoch epochAt(Attempt attempt, long timeMs) {
    for (Epoch epoch : attempt.epochs()) {
      if (timeMs >= epoch.fromMs() && timeMs < epoch.untilMs()) {
        return epoch;
      }
    }
    return null;
  }
}
