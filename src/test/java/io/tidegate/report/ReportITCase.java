package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
