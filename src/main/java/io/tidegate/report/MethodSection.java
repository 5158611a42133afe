package io.tidegate.report;

import io.tidegate.model.Assignment;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.RunStamp;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the figures came about, what they cannot show, and the configuration they rest on. */
final class MethodSection {

  private MethodSection() {}

  static Section of(ReportData data) {
    RolloutSpec spec = data.spec();
    List<String> notes = new ArrayList<>();
    notes.add(
        spec.assignment() == Assignment.MATCHED
            ? "Matched ramp: control grows with the treatment. A unit enters once, at its first"
                + " exposure, in that stage's stratum; strata are added with Mantel–Haenszel"
                + " weights."
            : "Ramped: control is everyone who does not have the change yet. Each stage compares"
                + " only units not treated before, within groups of equal history of exposure, and"
                + " only over that stage.");
    notes.add(
        "Ranges at the gate are confidence sequences: they hold at every look together, so one may"
            + " look as often as one likes. Harm rolls back within a budget of "
            + Figures.share(spec.decision().alphaRollback())
            + " for any false rollback over all metrics, segments and looks; no loss and success"
            + " are shown at "
            + Figures.share(spec.decision().alpha())
            + ".");
    notes.add(
        "Retention, revenue and the rollout to date come from history after the fact; their ranges"
            + " hold at one look and are not adjusted for how many figures are read.");
    notes.add(
        "A unit that is seen in a second variant stays with its first. Every event counts once. An"
            + " effect says what the change did to these units in this time, not what it will do"
            + " to others or later.");
    notes.add(
        "Times are UTC. A figure that the data do not determine is shown as a dash, with the reason.");
    RunStamp stamp = data.runStamp();
    if (stamp != null) {
      notes.add(
          "Retention and revenue: run "
              + stamp.runId()
              + ", revision "
              + stamp.revision()
              + ", data before "
              + Figures.time(stamp.dataEndMs())
              + ", snapshots exposures "
              + stamp.exposuresSnapshotId()
              + ", outcomes "
              + stamp.outcomesSnapshotId()
              + ".");
    }
    return new Section(
        "method",
        "How was this measured, and where are its limits?",
        "Units are assigned by the flag system at random; Tidegate only observes.",
        List.of(),
        List.of(metrics(spec)),
        notes,
        "");
  }

  static Section configuration(ReportData data) {
    return new Section(
        "configuration",
        "The full configuration",
        "As defined, and frozen when the first stage was entered.",
        List.of(),
        List.of(),
        List.of(),
        data.specText());
  }

  private static Table metrics(RolloutSpec spec) {
    List<List<String>> rows = new ArrayList<>();
    for (Metric m : spec.metrics()) {
      rows.add(
          List.of(
              m.name(),
              m.role().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
              describe(m.kind()),
              m.better().sign() > 0 ? "higher" : "lower",
              margin(m.margin()),
              margin(m.rollbackMargin())));
    }
    return new Table(
        "Metrics",
        List.of(
            Column.text("metric"),
            Column.text("role"),
            Column.text("what it measures"),
            Column.text("better when"),
            Column.number("loss tolerated"),
            Column.number("rolled back beyond")),
        rows);
  }

  private static String margin(@Nullable Margin margin) {
    if (margin == null) {
      return Figures.NONE;
    }
    List<String> parts = new ArrayList<>();
    if (margin.relative() != null) {
      parts.add(Figures.share(margin.relative()));
    }
    if (margin.absolute() != null) {
      parts.add(Figures.number(margin.absolute()) + " absolute");
    }
    return String.join(" or ", parts);
  }

  /** A metric's definition in words. */
  static String describe(MetricKind kind) {
    if (kind instanceof MetricKind.Proportion k) {
      return "share of units with " + k.outcome().outcome() + within(k.window());
    } else if (kind instanceof MetricKind.Count k) {
      return "number of " + k.outcome().outcome() + " per unit" + within(k.window());
    } else if (kind instanceof MetricKind.Sum k) {
      return "sum of "
          + k.outcome().outcome()
          + " per unit"
          + within(k.window())
          + (k.capMicros() == null ? "" : ", at most " + Figures.number(k.capMicros() / 1e6));
    } else if (kind instanceof MetricKind.Mean k) {
      return "mean of " + k.outcome().outcome() + " among units that had one" + within(k.window());
    } else if (kind instanceof MetricKind.Ratio k) {
      return term(k.numerator()) + " per " + term(k.denominator()) + within(k.window());
    } else if (kind instanceof MetricKind.Quantile k) {
      return "share of "
          + k.outcome().outcome()
          + " above history's "
          + Figures.share(k.quantile())
          + " quantile"
          + (k.measure() == null ? "" : " of " + k.measure())
          + " (margins are of this share)";
    } else if (kind instanceof MetricKind.Funnel k) {
      return "share of units that did "
          + String.join(" → ", k.steps().stream().map(s -> s.outcome()).toList())
          + within(k.within());
    } else if (kind instanceof MetricKind.Elapsed k) {
      return "time from " + k.from().outcome() + " to " + k.to().outcome() + within(k.within());
    } else if (kind instanceof MetricKind.Retention k) {
      return "share of units with "
          + k.outcome().outcome()
          + " in days "
          + k.fromDay()
          + " to "
          + k.toDay()
          + " after exposure";
    }
    MetricKind.Depth depth = (MetricKind.Depth) kind;
    return "days with " + depth.outcome().outcome() + " of the first " + depth.days();
  }

  private static String term(MetricKind.Term term) {
    return (term.sumOfValues() ? "sum of " : "") + term.outcome().outcome();
  }

  private static String within(java.time.@Nullable Duration window) {
    return window == null ? "" : " within " + Figures.duration(window.toMillis());
  }
}
