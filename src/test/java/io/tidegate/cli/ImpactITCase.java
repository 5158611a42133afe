package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ReportReader;
import io.tidegate.job.ArchiveJob;
import io.tidegate.job.BaselineJob;
import io.tidegate.job.ImpactJob;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactRun;
import io.tidegate.model.Maturity;
import io.tidegate.model.ReportData;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RolloutEvent;
import io.tidegate.stats.RealData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The impact job over real tables: a published data set, and a simulation whose truth is known. */
class ImpactITCase {

  private static final String CDNOW = "cdnow/CDNOW_master.txt.gz";

  @TempDir private Path folder;

  @Test
  void cdnow_as_an_aa_test_gives_the_published_curves() throws Exception {
    Path purchases = RealData.file(CDNOW);
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      TidegateConfig config = platform.config().withBounded(true);
      String file = platform.configFile().toString();
      String mapping = "jobs/examples/cdnow/mapping.yaml";
      ok("import", purchases.toString(), "--mapping", mapping, "--to", "iceberg", "-c", file);
      String spec = "jobs/examples/cdnow/rollout.yaml";
      ok("rollout", "define", spec, "--at", "1996-12-31T00:00:00Z", "-c", file);
      for (String month : List.of("1997-01", "1997-02", "1997-03")) {
        ok("rollout", "enter", "cdnow", month, "--at", month + "-01T00:00:00Z", "-c", file);
      }
      try (EventProducer producer = new EventProducer(config.kafka())) {
        producer.rollout(
            RolloutEvent.tick("end", Instant.parse("1998-07-01T00:00:00Z").toEpochMilli()));
      }
      ArchiveJob.environment(config).execute("archive");

      List<ImpactRun> runs = ImpactJob.run(config, Set.of("cdnow"));
      assertThat(runs).singleElement().matches(r -> !r.known() && r.stamp().revision() == 1);
      ReportData data = read(config, "cdnow");
      published(data);
      assertThat(data.runStamp()).isEqualTo(runs.get(0).stamp());

      List<ImpactRun> again = ImpactJob.run(config, Set.of());
      assertThat(again).singleElement().matches(ImpactRun::known);
      assertThat(again.get(0).stamp()).isEqualTo(runs.get(0).stamp());
      assertThat(read(config, "cdnow").retention()).hasSameSizeAs(data.retention());

      String html = ok("report", "cdnow", "-c", file).out();
      assertThat(html)
          .startsWith("<!doctype html>")
          .contains("w1, stage (all)", "What did people spend?");
      assertThat(html).contains(week(data, 1).map(r -> "%,d".formatted(r.units())).toList());
    }
  }

  private static void published(ReportData data) {
    assertThat(week(data, 0).mapToLong(RetentionPoint::eligible).sum()).isEqualTo(23_570);
    assertThat(retained(data, 1)).isEqualTo(1265);
    assertThat(retained(data, 4)).isEqualTo(1049);
    assertThat(retained(data, 12)).isEqualTo(620);
    assertThat(retained(data, 26)).isEqualTo(527);
    assertThat(retained(data, 52)).isEqualTo(495);
    assertThat(data.retention())
        .filteredOn(r -> r.stage().equals("1997-03") && r.age() == 75)
        .filteredOn(r -> r.period().equals(RetentionPoint.WEEK))
        .isNotEmpty()
        .allMatch(r -> r.maturity() == Maturity.CENSORED && r.rate() == null)
        .allMatch(r -> r.censoring() == Censoring.DATA_END && !r.reason().isEmpty());
    double revenue =
        data.impacts().stream()
            .filter(e -> e.metric().equals("revenue") && e.epoch() >= 0)
            .filter(ImpactEstimate::isToDate)
            .mapToDouble(
                e ->
                    said(e.control()) * e.unitsControl() + said(e.treatment()) * e.unitsTreatment())
            .sum();
    assertThat(revenue).isCloseTo(2_500_315.63, within(0.005));
    assertThat(data.impacts())
        .filteredOn(e -> e.epoch() == ImpactEstimate.TO_DATE_EPOCH && e.metric().equals("revenue"))
        .filteredOn(ImpactEstimate::isToDate)
        .singleElement()
        .matches(e -> said(e.effectSizeLower()) < 0 && said(e.effectSizeUpper()) > 0);
  }

  private static java.util.stream.Stream<RetentionPoint> week(ReportData data, int age) {
    return data.retention().stream()
        .filter(r -> r.period().equals(RetentionPoint.WEEK) && r.age() == age)
        .filter(r -> r.definition().equals(RetentionPoint.EXACT) && r.stage().equals("(all)"));
  }

  private static long retained(ReportData data, int age) {
    return week(data, age).mapToLong(RetentionPoint::retained).sum();
  }

  @Test
  void simulated_rollout_comes_to_its_truth() throws Exception {
    Path spec = Files.writeString(folder.resolve("rollout.yaml"), SPEC);
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder.resolve("data"))) {
      TidegateConfig config = platform.config().withBounded(true);
      String file = platform.configFile().toString();
      Path truthFolder = folder.resolve("truth");
      ok(
          "simulate",
          "--spec",
          spec.toString(),
          "--to",
          "kafka",
          "-c",
          file,
          "--dir",
          truthFolder.toString(),
          "--history-days",
          "7",
          "--days",
          "5",
          "--units-per-day",
          "800",
          "--late",
          "0.01",
          "--effect",
          "purchase=-0.5,device=mobile");
      ArchiveJob.environment(config).execute("archive");
      BaselineJob.run(config, List.of(), false);
      List<ImpactRun> runs = ImpactJob.run(config, Set.of());
      assertThat(runs).singleElement().matches(r -> r.attempt().rolloutId().equals("sim"));
      assertThat(read(config, "sim").impacts())
          .filteredOn(e -> e.aspect() == ImpactEstimate.Aspect.ADJUSTED)
          .filteredOn(e -> e.epoch() == ImpactEstimate.TO_DATE_EPOCH)
          .extracting(ImpactEstimate::metric)
          .contains("revenue", "sessions")
          .doesNotContain("errors");
      List<ImpactEstimate> toDate =
          read(config, "sim").impacts().stream()
              .filter(e -> e.epoch() >= 0 && e.isToDate())
              .toList();
      assertThat(compared(toDate, truthFolder.resolve("truth.json"))).isGreaterThan(60);
      assertThat(toDate)
          .filteredOn(e -> e.metric().equals("conversion") && e.stage().equals("half"))
          .filteredOn(e -> e.segment().equals("mobile"))
          .singleElement()
          .matches(e -> said(e.relEffectSizeUpper()) < 0)
          .matches(e -> said(e.relEffectSizeLower()) < -0.4);
      assertThat(toDate)
          .filteredOn(e -> e.metric().equals("conversion") && e.stage().equals("half"))
          .filteredOn(e -> e.segment().equals("desktop"))
          .singleElement()
          .matches(e -> said(e.effectSizeLower()) < 0 && said(e.effectSizeUpper()) > 0);
      assertThat(ok("report", "sim", "-c", file).out()).contains("conversion", "mobile");
    }
  }

  /** Holds each row of the truth against both sides of the estimates; how many were compared. */
  private static int compared(List<ImpactEstimate> toDate, Path truth) throws Exception {
    int compared = 0;
    for (JsonNode row : new ObjectMapper().readTree(truth.toFile()).get("rows")) {
      ImpactEstimate estimate =
          toDate.stream()
              .filter(e -> e.stage().equals(row.get("stage").asText()))
              .filter(e -> e.metric().equals(row.get("metric").asText()))
              .filter(e -> e.dimension().equals(row.get("dimension").asText()))
              .filter(e -> e.segment().equals(row.get("segment").asText()))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no estimate for " + row));
      boolean control = row.get("variant").asText().equals("off");
      double value =
          row.get("numeratorMicros").asDouble() / row.get("denominatorMicros").asDouble();
      assertThat(control ? estimate.unitsControl() : estimate.unitsTreatment())
          .as("%s", row)
          .isEqualTo(row.get("units").asLong());
      if (estimate.control() != null) {
        assertThat(said(control ? estimate.control() : estimate.treatment()))
            .as("%s", row)
            .isCloseTo(value, within(1e-9));
        compared++;
      }
    }
    return compared;
  }

  private static final String SPEC =
      """
      apiVersion: tidegate.io/v1
      kind: Rollout
      id: sim
      owner: team
      hypothesis: {statement: It helps., metric: conversion}
      flag: {key: sim, control: "off", treatments: ["on"], split: {"off": 1, "on": 1}, salt: v1, not_enrolled: default}
      assignment: matched
      looks: {every: PT1H}
      stages:
        - {name: early, percent: 25, min_duration: PT24H}
        - {name: half, percent: 50, min_duration: P3D}
        - {name: full, percent: 100, min_duration: P1D}
      segments: {device: [mobile, desktop]}
      metrics:
        - {name: conversion, role: guardrail, kind: proportion, outcome: {outcome: purchase, where: {type: [sale]}}, window: PT24H, better: up, margin: {relative: 0.10}}
        - {name: sessions, role: guardrail, kind: count, outcome: session_start, window: PT24H, better: up, margin: {relative: 0.10}}
        - {name: revenue, role: guardrail, kind: sum, outcome: purchase, cap: 200, currency: EUR, better: up, margin: {relative: 0.20}}
        - {name: errors, role: guardrail, kind: ratio, numerator: {outcome: error}, denominator: {outcome: request}, better: down, margin: {relative: 0.30}}
        - {name: d1, role: long_term, kind: retention, outcome: session_start, day: 1, better: up}
      privacy: {min_segment_units: 1}
      """;

  private static ReportData read(TidegateConfig config, String rollout) {
    return new ReportReader(config.catalog(), Catalogs.open(config.catalog())).read(rollout);
  }

  private static Cli ok(String... arguments) {
    Cli run = Cli.run(arguments);
    assertThat(run.code()).as("%s: %s", List.of(arguments), run.err()).isZero();
    return run;
  }

  private static double said(Double number) {
    return Objects.requireNonNull(number);
  }
}
