package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.analysis.impact.ReturnShares.Form;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Members;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.analysis.impact.View.Two;
import io.tidegate.model.Maturity;
import io.tidegate.model.RetentionPoint;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The rows of {@code retention_curves}. */
final class RetentionRows {

  /** Days are reported up to this age; weeks for as long as data reach. */
  static final int LAST_DAY = 90;

  private static final List<Form> FORMS = List.of(Form.values());

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
    return rows(groups);
  }

  /** Of some groups only. */
  List<RetentionPoint> rows(List<Group> groups) {
    for (Segment segment : view.segments()) {
      for (Group group : groups) {
        add(Members.all(segment, group));
        if (segment.dimension() == Slice.ALL && Upgraded.shown(view, group)) {
          add(new Members(segment, group, RetentionPoint.UPGRADED, Upgraded::is));
        }
      }
    }
    return rows;
  }

  private void add(Members cohort) {
    for (int activity = 0; activity < view.plan().activities().size(); activity++) {
      int a = activity;
      int days = Math.min(LAST_DAY + 1, view.plan().maxDays());
      add(cohort, a, RetentionPoint.DAY, days, s -> s.days(a));
      int weeks = view.plan().maxDays() / 7;
      add(cohort, a, RetentionPoint.WEEK, weeks, s -> s.weeks(a));
    }
  }

  private void add(
      Members cohort,
      int activity,
      String period,
      int periods,
      Function<SliceSums, ReturnCounts> pick) {
    List<Strata> variants = new ArrayList<>();
    for (int v = 0; v < view.plan().variantCount(); v++) {
      Map<Integer, ReturnCounts> strata = new TreeMap<>();
      view.strata(cohort, v).forEach((slice, sums) -> strata.put(stratum(slice), pick.apply(sums)));
      variants.add(Strata.of(strata, periods));
    }
    for (int v = 0; v < variants.size(); v++) {
      Line line = new Line(cohort, activity, period, periods, v, variants.get(0), variants.get(v));
      for (Form form : variants.get(v).each.isEmpty() ? List.<Form>of() : FORMS) {
        for (int age : line.ages(form)) {
          rows.add(line.row(form, age));
        }
      }
    }
  }

  /** One number for cohort and stratum, so that strata of all cohorts can be paired. */
  private static int stratum(Slice slice) {
    return slice.epoch() * 1_000_001 + slice.stratum();
  }

  /** A variant's shares by stratum, and of all its units. */
  private record Strata(Map<Integer, ReturnShares> each, ReturnShares all) {

    static Strata of(Map<Integer, ReturnCounts> counts, int periods) {
      Map<Integer, ReturnShares> each = new TreeMap<>();
      counts.forEach((key, sums) -> each.put(key, ReturnShares.of(sums, periods)));
      return new Strata(each, ReturnShares.together(counts.values(), periods));
    }
  }

  /** A variant's curves of one activity in one period, beside control's. */
  private final class Line {
    private final Members cohort;
    private final int activity;
    private final String period;
    private final int variant;
    private final List<Two<ReturnShares>> pairs = new ArrayList<>();
    private final ReturnShares own;
    private final int periods;

    Line(
        Members cohort,
        int activity,
        String period,
        int periods,
        int variant,
        Strata control,
        Strata own) {
      this.cohort = cohort;
      this.activity = activity;
      this.period = period;
      this.variant = variant;
      this.own = own.all;
      this.periods = periods;
      own.each.forEach(
          (key, shares) -> {
            ReturnShares other = control.each.get(key);
            if (other != null) {
              pairs.add(new Two<>(other, shares));
            }
          });
    }

    int[] ages(Form form) {
      return IntStream.range(own.first(form), periods).toArray();
    }

    RetentionPoint row(Form form, int age) {
      Group group = cohort.group();
      long reached = own.reached(form, age);
      Stated<Double> rate = own.rate(form, age);
      Bounds bounds = View.orNull(own.bounds(form, age));
      Double effect = null;
      Bounds effectBounds = null;
      Bounds together = null;
      String reason = "";
      if (reached == 0) {
        reason = "no unit of the cohort has passed this age before " + group.censoring().label();
      } else if (!rate.said()) {
        reason = View.reason(rate);
      } else if (variant > 0 && !form.compared()) {
        reason = "not compared: who was absent is itself an outcome of the change";
      } else if (variant > 0) {
        Stated<ReturnDifference> found = ReturnDifference.of(pairs, form, age, Contrast.ALPHA);
        if (found instanceof CannotSay<ReturnDifference> no) {
          reason = no.detail();
        } else {
          effect = found.orThrow().effect();
          effectBounds = found.orThrow().bounds();
          double level =
              view.levels().ofReturns(cohort, variant, activity, period, form, ages(form));
          together = ReturnDifference.of(pairs, form, age, level).orThrow().bounds();
        }
      }
      return new RetentionPoint(
          view.plan().rolloutId(),
          view.plan().attempt().number(),
          group.epoch(),
          group.stage(),
          view.plan().variantName(variant),
          view.plan().dimensionName(cohort.segment().dimension()),
          view.plan().segmentName(cohort.segment().dimension(), cohort.segment().segment()),
          view.plan().activities().get(activity).metric(),
          cohort.name(),
          form.label(),
          period,
          age,
          maturity(form, reached),
          group.censoring(),
          group.censoredAtMs(),
          own.units(),
          own.eligible(form, age),
          own.retained(form, age),
          View.orNull(rate),
          bounds == null ? null : bounds.lower(),
          bounds == null ? null : bounds.upper(),
          effect,
          effectBounds == null ? null : effectBounds.lower(),
          effectBounds == null ? null : effectBounds.upper(),
          together == null ? null : together.lower(),
          together == null ? null : together.upper(),
          reason);
    }

    private Maturity maturity(Form form, long reached) {
      Maturity found = View.maturity(own.units(), reached);
      return found == Maturity.MATURE && form == Form.UNBOUNDED ? Maturity.PROVISIONAL : found;
    }
  }
}
