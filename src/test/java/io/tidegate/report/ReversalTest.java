package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.impact.RampWorld;
import io.tidegate.model.ReportData;
import io.tidegate.model.StageComparison;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Mobile converts less. Between two stages a campaign doubles its share, and every segment gets
 * better: all in all conversion falls. From the events to the sentence of the report.
 */
class ReversalTest {

  private static final long SWITCH_MS = RampWorld.historyEnd() + 7 * RampWorld.DAY;

  private static List<StageComparison> rows() {
    RampWorld world =
        new RampWorld(
            4,
            3_000,
            List.of(0.0, 7.0, 14.0),
            0,
            point -> {
              boolean mobile = point.attribute("device").equals("mobile");
              boolean before = point.timeMs < SWITCH_MS;
              boolean purchase = point.name.equals("purchase");
              boolean away = mobile && before && share(point.unitKey) >= 0.3;
              boolean lost = mobile && purchase && share(point.idHash) < 0.6;
              boolean worse = before && purchase && share(point.idHash + 1) < 0.1;
              return !away && !lost && !worse;
            });
    return world.tables(world.resolved()).comparisons();
  }

  private static double share(long hash) {
    return ((hash * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
  }

  @Test
  void a_reversal_is_named_by_metric_stages_dimension_and_direction() {
    List<StageComparison> rows = rows();
    List<StageComparison> reversed = rows.stream().filter(StageComparison::reversal).toList();
    assertThat(reversed)
        .extracting(
            c ->
                String.join(
                    "/",
                    c.metric(),
                    c.variant(),
                    c.stage(),
                    c.basis(),
                    c.basisStage(),
                    c.basisVariant(),
                    c.dimension(),
                    c.segment(),
                    c.normalisation()))
        .containsExactly(
            "conversion/off/s2/first_stage/s1/off/device/*/mix",
            "conversion/off/s2/first_stage/s1/off/device/*/season_mix",
            "conversion/on/s2/first_stage/s1/on/device/*/mix",
            "conversion/on/s2/first_stage/s1/on/device/*/season_mix");
    for (StageComparison c : reversed) {
      assertThat(c.relEffectSizeLower()).as("better at one mix").isGreaterThan(-0.02);
      assertThat(c.relEffectSize()).isBetween(0.05, 0.2);
      assertThat(c.mixPartUpper()).as("the mix alone").isLessThan(-0.1);
      assertThat((1 + c.relEffectSize()) * (1 + c.mixPart()) - 1).as("in all").isLessThan(-0.05);
    }
    StageComparison naive =
        rows.stream()
            .filter(c -> c.variant().equals("on") && c.normalisation().equals("raw"))
            .filter(c -> c.metric().equals("conversion") && c.segment().equals("*"))
            .findFirst()
            .orElseThrow();
    assertThat(naive.relEffectSizeUpper()).as("naive before and after").isNegative();

    StageComparison mix = reversed.get(2);
    double inAll = (1 + mix.relEffectSize()) * (1 + Objects.requireNonNull(mix.mixPart())) - 1;
    List<String> notes = StageSection.of(with(rows)).notes();
    assertThat(notes)
        .hasSize(4)
        .contains(
            "Simpson's paradox: conversion of on in s2 against s1 is "
                + Figures.signedShare(inAll)
                + " in all, yet "
                + Figures.signedShare(mix.relEffectSize())
                + " at one mix of device: the mix turned the sign.");
    assertThat(notes).allMatch(note -> note.contains(" is −") && note.contains("yet +"));
  }

  private static ReportData with(List<StageComparison> rows) {
    ReportData data = SampleRollout.rolledBack();
    return SampleRollout.with(data.spec(), data.impacts(), rows);
  }
}
