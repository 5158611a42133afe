package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.Contrasts.Stratum;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.Maturity;
import io.tidegate.model.RetentionPoint;
import io.tidegate.stats.Stated;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of {@code retention_curves}. */
final class RetentionRows {

  /** Days are reported up to this age; weeks for as long as data reach. */
  static final int LAST_DAY = 90;

  private final View view;
  private final List<RetentionPoint> rows = new ArrayList<>();

  RetentionRows(View view) {
    this.view = view;
  }

  List<RetentionPoint> rows() {
    List<Group> groups = new ArrayList<>(view.cohorts());
    if (!view.plan().ramped() && groups.size() > 1) {
      groups.add(view.together());
    }
    for (Segment segment : view.segments()) {
      for (Group group : groups) {
        for (int activity = 0; activity < view.plan().activities().size(); activity++) {
          int a = activity;
          int days = Math.min(LAST_DAY + 1, view.plan().maxDays());
          add(segment, group, a, RetentionPoint.DAY, days, s -> s.days(a));
          int weeks = view.plan().maxDays() / 7;
          add(segment, group, a, RetentionPoint.WEEK, weeks, s -> s.weeks(a));
        }
      }
    }
    return rows;
  }

  /** Counts of one stratum, by period. */
  private static final class Counts {
    final long units;
    final long[] eligible;
    final Map<String, long[]> retained;

    Counts(ReturnCounts sums, int periods) {
      units = sums.units();
      eligible = sums.eligible(periods);
      retained =
          Map.of(
              RetentionPoint.EXACT, sums.exact(periods),
              RetentionPoint.BOUNDED, sums.bounded(periods),
              RetentionPoint.UNBOUNDED, sums.unbounded(periods));
    }
  }

  private void add(
      Segment segment,
      Group group,
      int activity,
      String period,
      int periods,
      Function<SliceSums, ReturnCounts> pick) {
    List<Map<Integer, Counts>> variants = new ArrayList<>();
    for (int v = 0; v < view.plan().variantCount(); v++) {
      Map<Integer, Counts> strata = new TreeMap<>();
      view.strata(group, segment, v)
          .forEach(
              (slice, sums) -> strata.put(stratum(slice), new Counts(pick.apply(sums), periods)));
      variants.add(strata);
    }
    for (int v = 0; v < variants.size(); v++) {
      if (variants.get(v).isEmpty()) {
        continue;
      }
      for (String definition :
          List.of(RetentionPoint.EXACT, RetentionPoint.BOUNDED, RetentionPoint.UNBOUNDED)) {
        int first = definition.equals(RetentionPoint.BOUNDED) ? 1 : 0;
        for (int age = first; age < periods; age++) {
          rows.add(
              new Cell(segment, group, activity, period, v, definition, age)
                  .row(variants.get(0), variants.get(v)));
        }
      }
    }
  }

  /** One number for cohort and stratum, so that strata of all cohorts can be paired. */
  private static int stratum(Slice slice) {
    return slice.epoch() * 1_000_001 + slice.stratum();
  }

  /** Where a row stands. */
  private final class Cell {
    private final Segment segment;
    private final Group group;
    private final int activity;
    private final String period;
    private final int variant;
    private final String definition;
    private final int age;

    Cell(
        Segment segment,
        Group group,
        int activity,
        String period,
        int variant,
        String definition,
        int age) {
      this.segment = segment;
      this.group = group;
      this.activity = activity;
      this.period = period;
      this.variant = variant;
      this.definition = definition;
      this.age = age;
    }

    RetentionPoint row(Map<Integer, Counts> control, Map<Integer, Counts> own) {
      long units = own.values().stream().mapToLong(c -> c.units).sum();
      long eligible = own.values().stream().mapToLong(c -> c.eligible[age]).sum();
      long retained = own.values().stream().mapToLong(this::retained).sum();
      Bounds bounds = eligible == 0 ? null : Rates.wilson(retained, eligible);
      Double effect = null;
      Bounds effectBounds = null;
      String reason = "";
      if (eligible == 0) {
        reason = "no unit of the cohort has passed this age before " + group.censoring().label();
      } else if (variant > 0) {
        Stated<Contrast> contrast = contrast(control, own);
        if (contrast.said()) {
          effect = contrast.orThrow().effect();
          effectBounds = bounds(control, own, contrast.orThrow());
        } else {
          reason = "no control of this age to compare with";
        }
      }
      return new RetentionPoint(
          view.plan().rolloutId(),
          view.plan().attempt().number(),
          group.epoch(),
          group.stage(),
          view.plan().variantName(variant),
          view.plan().dimensionName(segment.dimension()),
          view.plan().segmentName(segment.dimension(), segment.segment()),
          view.plan().activities().get(activity).metric(),
          definition,
          period,
          age,
          maturity(units, eligible),
          group.censoring(),
          group.censoredAtMs(),
          units,
          eligible,
          retained,
          eligible == 0 ? null : (double) retained / eligible,
          bounds == null ? null : bounds.lower(),
          bounds == null ? null : bounds.upper(),
          effect,
          effectBounds == null ? null : effectBounds.lower(),
          effectBounds == null ? null : effectBounds.upper(),
          reason);
    }

    private Maturity maturity(long units, long eligible) {
      Maturity found = View.maturity(units, eligible);
      return found == Maturity.MATURE && definition.equals(RetentionPoint.UNBOUNDED)
          ? Maturity.PROVISIONAL
          : found;
    }

    private long retained(Counts counts) {
      long[] retained = counts.retained.get(definition);
      return retained == null ? 0 : retained[age];
    }

    private Stated<Contrast> contrast(Map<Integer, Counts> control, Map<Integer, Counts> own) {
      List<Stratum> strata = new ArrayList<>();
      own.forEach(
          (key, counts) -> {
            Counts other = control.get(key);
            if (other != null) {
              strata.add(new Stratum(arm(key, other), arm(key, counts)));
            }
          });
      return Contrasts.of(strata, null);
    }

    private @Nullable Arm arm(int stratum, Counts counts) {
      Slice slice =
          new Slice(group.cohort(), stratum, variant, segment.dimension(), segment.segment());
      return Arm.ofSuccesses(slice, retained(counts), counts.eligible[age]);
    }

    private @Nullable Bounds bounds(
        Map<Integer, Counts> control, Map<Integer, Counts> own, Contrast contrast) {
      if (!contrast.method().equals(Contrasts.WELCH) || own.size() > 1 || control.size() > 1) {
        return View.orNull(contrast.effectBounds());
      }
      Counts a = control.values().iterator().next();
      Counts b = own.values().iterator().next();
      return Rates.newcombe(retained(a), a.eligible[age], retained(b), b.eligible[age]);
    }
  }
}
