package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The axis on which a metric's effects are drawn: relative where every shown effect has one, else
 * in the metric's unit.
 *
 * @param limit the axis runs from −limit to limit
 */
record Scale(Metric metric, boolean relative, double limit) {

  private static final double ROOM = 1.3;
  private static final double LEAST = 0.01;

  /** Fits the axis to bounds, of which the widest tenth may run off it, and to the margin. */
  static Scale fit(Metric metric, List<Estimate> rows, ReportData data) {
    boolean relative =
        rows.stream().anyMatch(e -> e.relEffectSize() != null)
            && rows.stream().noneMatch(e -> e.effectSize() != null && e.relEffectSize() == null);
    List<Double> sizes = new ArrayList<>();
    double widestEffect = 0;
    for (Estimate e : rows) {
      Double effect = relative ? e.relEffectSize() : e.effectSize();
      widestEffect = effect == null ? widestEffect : Math.max(widestEffect, Math.abs(effect));
      add(sizes, relative ? e.relEffectSizeLower() : e.effectSizeLower());
      add(sizes, relative ? e.relEffectSizeUpper() : e.effectSizeUpper());
    }
    Collections.sort(sizes);
    double bulk = sizes.isEmpty() ? 0 : sizes.get((int) (0.9 * (sizes.size() - 1)));
    double lastBound =
        sizes.isEmpty() ? widestEffect : Math.min(bulk, 6 * sizes.get(sizes.size() / 4));
    double margin = margins(metric, data, relative).stream().mapToDouble(Math::abs).max().orElse(0);
    double limit = ROOM * Math.max(lastBound, Math.min(margin, 3 * Math.max(lastBound, LEAST)));
    return new Scale(metric, relative, limit > 0 ? limit : 1);
  }

  private static void add(List<Double> sizes, @Nullable Double bound) {
    if (bound != null) {
      sizes.add(Math.abs(bound));
    }
  }

  /** The margin of each stage on this axis, signed towards harm; empty where none applies. */
  static List<Double> margins(Metric metric, ReportData data, boolean relative) {
    List<Double> margins = new ArrayList<>();
    for (int i = 0; i < data.spec().stages().size(); i++) {
      Double m = margin(metric, data, i, relative);
      if (m != null) {
        margins.add(m);
      }
    }
    return margins;
  }

  static @Nullable Double margin(Metric metric, ReportData data, int stage, boolean relative) {
    Margin margin = metric.margin();
    List<Resolved.StagePlan> plans = data.resolved().stages();
    if (stage < plans.size() && plans.get(stage).margins().containsKey(metric.name())) {
      margin = plans.get(stage).margins().get(metric.name());
    }
    Double part = margin == null ? null : relative ? margin.relative() : margin.absolute();
    return part == null ? null : -metric.better().sign() * part;
  }

  @Nullable Double effect(Estimate e) {
    return relative ? e.relEffectSize() : e.effectSize();
  }

  @Nullable Double lower(Estimate e) {
    return relative ? e.relEffectSizeLower() : e.effectSizeLower();
  }

  @Nullable Double upper(Estimate e) {
    return relative ? e.relEffectSizeUpper() : e.effectSizeUpper();
  }

  /** A bound to draw: one that is missing runs off the axis. */
  double drawn(@Nullable Double bound, double sign) {
    return bound == null ? sign * 2 * limit : Math.max(-2 * limit, Math.min(2 * limit, bound));
  }

  String text(@Nullable Double x) {
    return relative ? Figures.signedShare(x) : Figures.difference(metric, x);
  }

  String range(Estimate e) {
    return e.effectSize() == null ? Figures.NONE : Figures.interval(text(lower(e)), text(upper(e)));
  }

  String unit() {
    if (relative) {
      return "change relative to control";
    }
    if (Figures.isShare(metric)) {
      return "difference in share";
    }
    String currency = Figures.currency(metric);
    return "difference" + (currency.isEmpty() ? "" : " (" + currency + ")");
  }

  /** A d3 number format. */
  String format() {
    return relative || Figures.isShare(metric) ? (limit < 0.05 ? "+.1%" : "+.0%") : "+~g";
  }

  List<Double> domain() {
    return List.of(-limit, limit);
  }
}
