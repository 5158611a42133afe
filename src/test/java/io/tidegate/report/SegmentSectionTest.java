package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Estimate;
import io.tidegate.model.Purpose;
import io.tidegate.model.ReportData;
import io.tidegate.report.Page.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentSectionTest {

  private static final ReportData ALL = SampleRollout.rolledBack();
  private final List<Estimate> rows = new ArrayList<>();

  private SegmentSectionTest everyone(double effect, long units) {
    return row("all", "*", effect, 0.005, units);
  }

  private SegmentSectionTest row(
      String dimension, String segment, double effect, double width, long units) {
    rows.add(
        SampleRollout.row(
            1,
            SampleRollout.START,
            "conversion",
            dimension,
            segment,
            Purpose.SUCCESS,
            effect,
            width,
            0.05,
            units,
            1));
    return this;
  }

  private Section section(Map<String, Set<String>> hidden) {
    ReportData data = SampleRollout.with(ALL, ALL.events(), ALL.signals(), rows);
    return SegmentSection.of(data, new Findings(data), hidden);
  }

  @Test
  void segment_that_fares_as_everyone_does_is_told_apart_from_one_that_is_hit_harder() {
    everyone(-0.010, 8_000)
        .row("device", "mobile", -0.020, 0.005, 4_003)
        .row("device", "desktop", -0.012, 0.005, 4_000);
    assertThat(section(Map.of()).lead().replace('\u00a0', ' '))
        .isEqualTo(
            "Clearly hit harder than everyone else: conversion for device=mobile got worse: about 40 %"
                + " lower (plausibly between 30 % and 50 % lower). Worse off, but not shown to be"
                + " hit harder than everyone else: conversion for device=desktop.");
  }

  @Test
  void harm_that_all_segments_share_is_no_segments_own() {
    everyone(-0.010, 8_000).row("device", "mobile", -0.011, 0.005, 4_003);
    assertThat(section(Map.of()).lead())
        .isEqualTo(
            "Worse off, but not shown to be hit harder than everyone else: conversion for"
                + " device=mobile.");
    rows.clear();
    everyone(0.001, 8_000).row("device", "mobile", 0.001, 0.005, 4_003);
    assertThat(section(Map.of()).lead()).isEqualTo("No shown segment is clearly worse off.");
  }

  @Test
  void segment_is_hit_harder_only_beyond_the_interval_of_the_difference() {
    everyone(-0.010, 8_000).row("device", "mobile", -0.014, 0.005, 4_003);
    assertThat(section(Map.of()).lead()).startsWith("Worse off, but not shown to be hit harder");
  }

  @Test
  void segment_is_compared_with_no_fewer_than_fifty_units_a_variant() {
    everyone(-0.019, 8_000).row("device", "mobile", -0.020, 0.005, 7_951);
    assertThat(section(Map.of()).lead()).startsWith("Worse off, but not shown to be hit harder");
    rows.clear();
    everyone(-0.010, 8_000).row("device", "mobile", -0.020, 0.005, 7_000);
    assertThat(section(Map.of()).lead()).startsWith("Clearly hit harder");
  }

  @Test
  void segment_is_compared_with_everyone_at_its_own_boundary() {
    row("device", "mobile", -0.020, 0.005, 4_003);
    rows.add(
        SampleRollout.row(
            1,
            SampleRollout.START + SampleRollout.HOUR,
            "conversion",
            "all",
            "*",
            Purpose.SUCCESS,
            -0.010,
            0.005,
            0.05,
            8_000,
            1));
    assertThat(section(Map.of()).lead()).startsWith("Worse off, but not shown to be hit harder");
    rows.add(
        0,
        SampleRollout.row(
            1,
            SampleRollout.START,
            "conversion",
            "all",
            "*",
            Purpose.SUCCESS,
            -0.010,
            0.005,
            0.05,
            8_000,
            1));
    assertThat(section(Map.of()).lead()).startsWith("Clearly hit harder");
  }

  @Test
  void segments_that_do_not_add_up_to_everyone_are_said_not_to() {
    everyone(0, 8_000)
        .row("device", "mobile", 0, 0.005, 5_000)
        .row("device", "desktop", 0, 0.005, 2_900)
        .row("country", "DE", 0, 0.005, 4_000)
        .row("country", "FR", 0, 0.005, 4_000);
    rows.replaceAll(e -> units(e, e.unitsControl()));
    assertThat(section(Map.of("device", Set.of("tv"))).notes())
        .anySatisfy(
            note ->
                assertThat(note)
                    .startsWith("The units of device do not add up to everyone's")
                    .contains("after 50 further units"));
    rows.clear();
    everyone(0, 8_000).row("device", "mobile", 0, 0.005, 8_000);
    assertThat(section(Map.of()).notes())
        .noneSatisfy(note -> assertThat(note).contains("do not add up"));
  }

  /** The same row with as many units in both variants. */
  private static Estimate units(Estimate e, long each) {
    return new Estimate(
        e.rolloutId(),
        e.attempt(),
        e.epoch(),
        e.stage(),
        e.boundaryMs(),
        e.revision(),
        e.controlVariant(),
        e.treatmentVariant(),
        e.metric(),
        e.dimension(),
        e.segment(),
        e.purpose(),
        e.basis(),
        e.normalisation(),
        e.method(),
        e.alpha(),
        e.bound(),
        e.control(),
        e.treatment(),
        e.effectSize(),
        e.effectSizeLower(),
        e.effectSizeUpper(),
        e.relEffectSize(),
        e.relEffectSizeLower(),
        e.relEffectSizeUpper(),
        e.eValueLog(),
        e.pValue(),
        each,
        each,
        e.reason());
  }
}
