package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Estimate;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser, from a file. Pictures are left in target/report. */
class ReportITCase {

  @TempDir Path folder;

  @Test
  void report_opensFromFile_drawsEveryChartAndIsAccessible() throws IOException {
    Path pictures = Files.createDirectories(Path.of("target", "report"));
    Path file = pictures.resolve("rolled-back.html").toAbsolutePath();
    Files.writeString(file, Report.html(SampleRollout.rolledBack()));
    assertThat(Files.size(file)).isLessThan(2_000_000);
    try (Browser browser = Browser.start(folder.resolve("profile"))) {
      for (String scheme : List.of("light", "dark")) {
        browser.view(1280, 900, scheme);
        browser.open(file);
        drawn(browser);
        assertThat(browser.violations()).as("axe-core, %s", scheme).isEmpty();
        browser.picture(pictures.resolve("report-" + scheme + ".png"));
      }
      browser.view(390, 844, "light");
      browser.open(file);
      drawn(browser);
      assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"))
          .as("nothing wider than a phone")
          .isEqualTo(true);
      browser.picture(pictures.resolve("report-phone.png"));
      assertThat(browser.run("return performance.getEntriesByType('resource').length"))
          .as("requests")
          .isEqualTo(0L);
      assertThat(browser.console()).isEmpty();
    }
  }

  @Test
  void report_ofSixMetricsAndTwelveSegments_staysUnderTwoMegabytes() throws IOException {
    Path file = Files.createDirectories(Path.of("target", "report")).resolve("wide.html");
    String html = Report.html(wide());
    Files.writeString(file, html);
    assertThat(html).contains("chart-segments-errors-3", "country=NL");
    assertThat(Files.size(file)).isLessThan(2_000_000);
  }

  /** The sample with two metrics and four countries more: like those it has. */
  private static ReportData wide() {
    ReportData all = SampleRollout.rolledBack();
    List<Estimate> estimates = new ArrayList<>();
    for (Estimate e : all.estimates()) {
      boolean errors = e.metric().equals("errors");
      for (String metric :
          errors ? List.of("errors", "errors-2", "errors-3") : List.of(e.metric())) {
        estimates.add(like(e, metric, e.segment()));
        if (e.segment().equals("DE")) {
          List.of("ES", "IT", "NL", "PL").forEach(c -> estimates.add(like(e, metric, c)));
        }
      }
    }
    return new ChangedReport(all).spec(spec(all)).estimates(estimates).data();
  }

  private static RolloutSpec spec(ReportData all) {
    try {
      ObjectNode json = (ObjectNode) new ObjectMapper().readTree(RolloutSpecs.toJson(all.spec()));
      ArrayNode metrics = json.withArray("metrics");
      for (int i = 2; i <= 3; i++) {
        metrics.add(((ObjectNode) metrics.get(1).deepCopy()).put("name", "errors-" + i));
      }
      json.withArray("/segments/country").add("ES").add("IT").add("NL").add("PL");
      return RolloutSpecs.fromJson("wide", json.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Estimate like(Estimate e, String metric, String segment) {
    double effect = e.effectSize() == null ? 0 : e.effectSize();
    return SampleRollout.row(
        e.epoch(),
        e.boundaryMs(),
        metric,
        e.dimension(),
        segment,
        e.purpose(),
        effect,
        e.effectSizeUpper() == null ? 0 : e.effectSizeUpper() - effect,
        e.control() == null ? 1 : e.control(),
        e.unitsControl(),
        1.0);
  }

  @Test
  void index_opensFromFile_findsByAnyWordAndIsAccessible() throws IOException {
    Path pictures = Files.createDirectories(Path.of("target", "report"));
    Path file = pictures.resolve("index.html").toAbsolutePath();
    Learnings two = new Learnings();
    two.add(SampleRollout.rolledBack());
    two.add(SampleRollout.defined());
    Files.writeString(file, two.html(true));
    try (Browser browser = Browser.start(folder.resolve("index-profile"))) {
      for (String scheme : List.of("light", "dark")) {
        browser.view(1280, 900, scheme);
        browser.open(file);
        assertThat(browser.violations()).as("axe-core, %s", scheme).isEmpty();
        browser.picture(pictures.resolve("index-" + scheme + ".png"));
      }
      browser.run(
          "const field = document.querySelector('#index input'); field.value = 'opposite';"
              + " field.dispatchEvent(new Event('input'))");
      assertThat(browser.run("return document.querySelectorAll('#index tr[hidden]').length"))
          .isEqualTo(2L);
      browser.run(
          "const field = document.querySelector('#index input'); field.value = 'rolled back';"
              + " field.dispatchEvent(new Event('input'))");
      assertThat(browser.run("return document.querySelector('#index [role=status]').textContent"))
          .isEqualTo("1 of 2");
      browser.view(390, 844, "light");
      assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"))
          .isEqualTo(true);
      assertThat(browser.console()).isEmpty();
    }
  }

  private static void drawn(Browser browser) {
    await()
        .until(
            () ->
                browser
                    .run("return document.documentElement.getAttribute('data-charts') || ''")
                    .equals("drawn"));
    Object charts = browser.run("return document.querySelectorAll('.chart').length");
    assertThat((Long) charts).isGreaterThan(10);
    assertThat(
            browser.run(
                "return Array.from(document.querySelectorAll('.chart')).filter(c =>"
                    + " c.querySelectorAll('svg path').length > 3).length"))
        .as("charts with marks")
        .isEqualTo(charts);
  }
}
