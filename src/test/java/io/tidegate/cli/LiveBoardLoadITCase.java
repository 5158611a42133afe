package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.report.Browser;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many rollouts, many open pages, one server: how long a page takes to open, a change to arrive and
 * what memory does. Prints figures; with {@code -Dtidegate.full=true} at full size.
 */
class LiveBoardLoadITCase {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int ROLLOUTS = FULL ? 200 : 8;
  private static final int METRICS = FULL ? 12 : 5;
  private static final int SEGMENTS = FULL ? 20 : 4;
  private static final int VIEWERS = FULL ? 200 : 10;
  private static final Duration LASTS =
      Duration.ofSeconds(FULL ? Long.getLong("tidegate.board.seconds", 1_800) : 3);

  /** The heap is looked at after each. */
  private static final int PARTS = 5;

  /** Far more than what was seen, far less than keeping every change for every page would take. */
  private static final long MOST_GROWTH_MIB = 128;

  private static final long BETWEEN_MS = 60_000 / 200;
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ReportData SAMPLE = SampleRollout.rolledBack();

  private final Map<String, Sent> sent = new ConcurrentHashMap<>();
  private final Delays delays = new Delays();
  private final List<Estimate> evidence = evidence();
  private long boundaryMs = SAMPLE.asOfMs();

  /** A change: its number from 0, and when it was written. */
  private record Sent(int number, long nanos) {}

  /** How often a change took how many milliseconds: of one size however many there are. */
  private static final class Delays {
    private static final int MOST_MS = 60_000;
    private final long[] byMs = new long[MOST_MS + 1];
    private long count;

    synchronized void add(long nanos) {
      byMs[(int) Math.min(MOST_MS, nanos / 1_000_000)]++;
      count++;
    }

    synchronized void clear() {
      Arrays.fill(byMs, 0);
      count = 0;
    }

    synchronized long count() {
      return count;
    }

    synchronized int quantile(double share) {
      long rank = Math.max(1, (long) Math.ceil(share * count));
      int ms = -1;
      while (rank > 0) {
        rank -= byMs[++ms];
      }
      return ms;
    }
  }

  /** An open page: takes lines as they come and notes how long each change took. */
  private final class Page implements Flow.Subscriber<String> {
    private final BitSet seen = new BitSet();
    private final AtomicInteger lines = new AtomicInteger();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (!line.startsWith("data:[")) {
        return;
      }
      long nowNanos = System.nanoTime();
      try {
        for (JsonNode rollout : JSON.readTree(line.substring(5))) {
          lines.incrementAndGet();
          String boundary = rollout.path("boundary").asText();
          Sent change = sent.get(boundary);
          if (change != null && !seen.get(change.number())) {
            seen.set(change.number());
            delays.add(nowNanos - change.nanos());
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void many_pages_see_many_rollouts_change(@TempDir Path folder) throws Exception {
    EmbeddedPlatform.Options options =
        EmbeddedPlatform.Options.in(folder.resolve("data")).withEvents(Map.of("clock", "events"));
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(options);
        GateScript script = new GateScript(platform.config().kafka())) {
      for (int i = 0; i < ROLLOUTS; i++) {
        script.define(SAMPLE, "load-" + i, boundaryMs, LiveBoardLoadITCase::widen);
        script.event("load-" + i, Kind.STAGE_ENTERED, "canary", boundaryMs);
        say(script, i);
      }
      Serving serving = Serving.start(platform.configFile(), 0, "--rate", "1000");
      try {
        measure(serving.address(), script, folder.resolve("profile"));
      } finally {
        serving.stop();
      }
    }
  }

  private void measure(URI server, GateScript script, Path profile) throws Exception {
    List<Page> pages = new ArrayList<>();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < VIEWERS; i++) {
      Page page = new Page();
      pages.add(page);
      var unused =
          client.sendAsync(
              HttpRequest.newBuilder(server.resolve("/live/stream")).build(),
              BodyHandlers.fromLineSubscriber(page));
    }
    await().atMost(LONG).until(() -> pages.stream().allMatch(page -> page.lines.get() >= ROLLOUTS));
    open(server, profile);
    sent.clear();
    pages.forEach(page -> page.seen.clear());
    delays.clear();
    List<Long> heapMiB = new ArrayList<>(List.of(usedMiB()));
    int said = 0;
    for (int part = 0; part < PARTS; part++) {
      long until = System.nanoTime() + LASTS.toNanos() / PARTS;
      while (System.nanoTime() < until) {
        say(script, said++ % ROLLOUTS);
        Thread.sleep(BETWEEN_MS);
      }
      long changes = said;
      await().atMost(LONG).until(() -> delays.count() >= changes * VIEWERS);
      heapMiB.add(usedMiB());
    }
    System.out.printf(
        "%d rollouts × %d metrics × %d segments, %d pages, %d changes in %d s: written to seen"
            + " median %d ms, p95 %d ms, most %d ms; heap in use from start to end %s MiB (server,"
            + " broker and pages in one process)%n",
        ROLLOUTS,
        METRICS,
        SEGMENTS,
        VIEWERS,
        said,
        LASTS.toSeconds(),
        delays.quantile(0.5),
        delays.quantile(0.95),
        delays.quantile(1),
        heapMiB);
    assertThat(delays.count()).isEqualTo((long) said * VIEWERS);
    assertThat(heapMiB.get(PARTS) - heapMiB.get(0))
        .as("growth of the heap, MiB")
        .isLessThan(MOST_GROWTH_MIB);
  }

  private static void open(URI server, Path profile) {
    try (Browser browser = Browser.start(profile)) {
      for (int i = 0; i < 2; i++) {
        browser.open(server);
        await()
            .atMost(LONG)
            .until(
                () ->
                    browser
                        .run("return document.querySelectorAll('article').length")
                        .equals((long) ROLLOUTS));
      }
      System.out.printf(
          "overview of %d rollouts shown %.0f ms after it was asked for (scripts cached)%n",
          ROLLOUTS,
          ((Number) browser.run("return performance.getEntriesByName('board-shown')[0].startTime"))
              .doubleValue());
      assertThat(browser.console()).isEmpty();
    }
  }

  private void say(GateScript script, int rollout) {
    boundaryMs += 1_000;
    String boundary = Instant.ofEpochMilli(boundaryMs).toString();
    GateSignal signal =
        GateScript.signal(json -> json.put("boundary", boundary), SAMPLE.signals().get(0));
    script.tick(boundaryMs);
    sent.put(boundary, new Sent(sent.size(), System.nanoTime()));
    script.say(
        signal,
        "load-" + rollout,
        evidence,
        message ->
            message
                .path("estimates")
                .forEach(estimate -> ((ObjectNode) estimate).put("boundary", boundary)));
    script.flush();
  }

  /** As many metrics as wanted, all like the guardrail on errors. */
  private static void widen(ObjectNode spec) {
    ArrayNode metrics = spec.withArray("metrics");
    JsonNode errors =
        metrics.findParents("name").stream()
            .filter(metric -> metric.path("name").asText().equals("errors"))
            .findFirst()
            .orElseThrow();
    while (metrics.size() < METRICS) {
      metrics.add(((ObjectNode) errors.deepCopy()).put("name", "errors-" + metrics.size()));
    }
  }

  private static List<Estimate> evidence() {
    try {
      Estimate like =
          SAMPLE.estimates().stream()
              .filter(e -> e.metric().equals("errors"))
              .findFirst()
              .orElseThrow();
      ArrayNode rows = JSON.createArrayNode();
      for (int m = 0; m < METRICS; m++) {
        for (int s = 0; s <= SEGMENTS; s++) {
          ObjectNode row = (ObjectNode) JSON.readTree(SignalCodec.estimates(List.of(like))).get(0);
          row.put("metric", m == 0 ? "errors" : "errors-" + m);
          row.put("dimension", s == 0 ? "all" : "country");
          row.put("segment", s == 0 ? "*" : "country-" + s);
          row.put("units_control", 5_000 + s).put("units_treatment", 5_000 + s);
          rows.add(row);
        }
      }
      return SignalCodec.readEstimates(rows.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long usedMiB() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
