package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.SampleTables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import io.tidegate.report.Browser;
import io.tidegate.report.SampleRollout;
import io.tidegate.serve.Access;
import io.tidegate.serve.Ageing;
import io.tidegate.serve.Server;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The live board of {@code tidegate serve} in a real browser, over a real broker. Pictures are left
 * in target/board.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveBoardITCase {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final ReportData SAMPLE = SampleRollout.rolledBack();
  private static final Path PICTURES = Path.of("target", "board");

  private static final String HOSTILE =
      "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>\"'&amp;";
  private static final String RTL = "\u202Etxet \u0645\u0631\u062D\u0628\u0627 ";

  private int minute = 1;
  private Path folder;
  private EmbeddedPlatform platform;
  private GateScript script;
  private Serving serving;
  private Browser browser;

  private EmbeddedPlatform start(int kafkaPort) {
    return EmbeddedPlatform.start(
        EmbeddedPlatform.Options.in(folder.resolve("data"))
            .withPorts(kafkaPort, 0)
            .withEvents(Map.of("clock", "events")));
  }

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Files.createDirectories(PICTURES);
    platform = start(0);
    script = new GateScript(platform.config().kafka());
    script.play(
        SAMPLE,
        "checkout-v2",
        spec -> {},
        message -> {
          if (message.path("verdict").asText().equals("ROLLBACK")) {
            ObjectNode restore = message.putObject("restore");
            restore.put("deployment_version", "shop-2.3.9");
            restore.putObject("flags").put("checkout-v2", "10 %");
            restore.putObject("routing").put("eu-west", "blue");
          }
        });
    serving = Serving.start(platform.configFile());
    browser = Browser.start(folder.resolve("profile"));
  }

  @AfterAll
  void stop() {
    browser.close();
    serving.stop();
    script.close();
    platform.close();
  }

  private Object run(String script) {
    return browser.run(script);
  }

  private String text(String selector) {
    return (String)
        run(
            "const found = document.querySelector(\""
                + selector
                + "\"); return found ? found.textContent : ''");
  }

  private void open(String path) {
    browser.open(serving.address().resolve(path));
    await().atMost(LONG).until(() -> text("#live").equals("Live"));
  }

  @Test
  @Order(1)
  void both_pages_are_accessible_and_draw_every_chart_in_light_dark_and_on_a_phone()
      throws IOException {
    for (View view : VIEWS) {
      browser.view(view.width(), view.height(), view.scheme());
      open("/");
      await().atMost(LONG).until(() -> text("article .label").startsWith("Rolled back"));
      assertThat(text(".steps [aria-current]")).as("no stage of it is in force").isEmpty();
      assertThat(text(".steps")).contains("50 % (taken back)").doesNotContain("skipped");
      check("overview-" + view.name());
      open("/?rollout=checkout-v2");
      await().atMost(LONG).until(this::everyChartIsDrawn);
      check("rollout-" + view.name());
    }
    assertThat(browser.console()).isEmpty();
  }

  private record View(String name, int width, int height, String scheme) {}

  private static final List<View> VIEWS =
      List.of(
          new View("light", 1280, 900, "light"),
          new View("dark", 1280, 900, "dark"),
          new View("phone", 390, 844, "light"));

  /** Charts are drawn as they come near the window. */
  private boolean everyChartIsDrawn() {
    return (Boolean)
        run(
            "const next = document.querySelector('.chart:not([data-drawn])');"
                + "if (next) next.scrollIntoView();"
                + "return !next && document.querySelectorAll('.chart').length >= 9");
  }

  private void check(String name) throws IOException {
    assertThat(run("return document.documentElement.scrollWidth <= window.innerWidth"))
        .as("nothing wider than the window: %s", name)
        .isEqualTo(true);
    assertThat((String) run("return document.body.innerText"))
        .as("what a person reads: %s", name)
        .doesNotContainPattern("\\b(null|undefined|NaN)\\b");
    assertThat(browser.violations()).as("axe-core, %s", name).isEmpty();
    browser.picture(PICTURES.resolve(name + ".png"));
  }

  /** A running rollout whose verdict the test says. */
  private void begin(String id) {
    script.define(SAMPLE, id, now(), spec -> {});
    script.event(id, Kind.STAGE_ENTERED, "canary", now());
    script.flush();
  }

  /** Data time of the newest boundary said. */
  private long now() {
    return SAMPLE.asOfMs() + minute * 60_000L;
  }

  private void say(String id, Verdict verdict) {
    say(id, verdict, null);
  }

  private void say(String id, Verdict verdict, @Nullable Long respondByMs) {
    minute++;
    script.tick(now());
    GateSignal signal =
        GateScript.signal(
            json -> {
              json.put("boundary", Instant.ofEpochMilli(now()).toString());
              json.put("next_look", Instant.ofEpochMilli(now() + 60_000).toString());
              json.put("verdict", verdict.name());
              if (respondByMs != null) {
                json.put("respond_by", Instant.ofEpochMilli(respondByMs).toString());
              }
            },
            SAMPLE.signals().get(0));
    script.say(signal, id, List.of(), message -> {});
    script.flush();
  }

  private static String label(Verdict verdict) {
    return switch (verdict) {
      case ADVANCE -> "Complete";
      case HOLD -> "Keep waiting";
      case REVIEW -> "A person must look";
      case ROLLBACK -> "Roll back";
    };
  }

  /** Keeps every text that the label of a rollout's line takes on, with the time. */
  private void record(String id) {
    run(
        "window.seen = []; new MutationObserver(() => {"
            + "const label = document.querySelector(\"article[data-id='"
            + id
            + "'] .label\");"
            + "const text = label ? label.textContent : '';"
            + "const last = window.seen[window.seen.length - 1];"
            + "if (!last || last.text !== text) window.seen.push({text: text, at: Date.now()});"
            + "}).observe(document.getElementById('main'), {childList: true, subtree: true});");
  }

  @SuppressWarnings("unchecked")
  private List<String> seen() {
    return (List<String>) run("return window.seen.map(each => each.text)");
  }

  private String labelOf(String id) {
    return text("article[data-id='" + id + "'] .label");
  }

  @Test
  @Order(2)
  void verdict_is_on_the_page_soon_after_it_is_on_the_topic() {
    browser.view(1280, 900, "light");
    begin("live");
    open("/?q=live");
    record("live");
    List<Long> tookMs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Verdict verdict = i % 2 == 0 ? Verdict.HOLD : Verdict.REVIEW;
      long sentMs = System.currentTimeMillis();
      say("live", verdict);
      int before = i;
      await().atMost(LONG).until(() -> seen().size() > before);
      assertThat(seen().get(i)).isEqualTo(label(verdict));
      tookMs.add((Long) run("return window.seen[" + i + "].at") - sentMs);
    }
    tookMs.sort(null);
    System.out.printf(
        "verdict written to seen on the page, 50 times: median %d ms, p95 %d ms, most %d ms%n",
        tookMs.get(25), tookMs.get(47), tookMs.get(49));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Order(3)
  void server_restarted_page_comes_back_and_shows_no_old_verdict_as_fresh() {
    begin("restart");
    say("restart", Verdict.HOLD);
    open("/");
    await().atMost(LONG).until(() -> labelOf("restart").equals("Keep waiting"));
    record("restart");
    int port = serving.address().getPort();
    serving.stop();
    await().atMost(LONG).until(() -> labelOf("restart").equals("Keep waiting · not live"));
    assertThat(text("#banner")).startsWith("Not live: ").contains("UTC");
    say("restart", Verdict.REVIEW);
    serving = Serving.start(platform.configFile(), port);
    await().atMost(LONG).until(() -> labelOf("restart").equals("A person must look"));
    assertThat(seen())
        .startsWith("Keep waiting · not live")
        .endsWith("A person must look")
        .doesNotContain("Keep waiting");
    assertThat(text("#live")).isEqualTo("Live");
    assertThat(text("#banner")).isEmpty();
    browser.console(); // refused connections are logged by the browser itself
  }

  @Test
  @Order(4)
  void broker_restarted_page_says_so_and_comes_back() {
    begin("broker");
    say("broker", Verdict.HOLD);
    open("/");
    await().atMost(LONG).until(() -> labelOf("broker").equals("Keep waiting"));
    record("broker");
    int port = Integer.parseInt(platform.bootstrapServers().replaceFirst(".*:", ""));
    platform.close();
    await().atMost(LONG).until(() -> labelOf("broker").equals("Keep waiting · not live"));
    assertThat(text("#banner")).contains("the server does not hear the broker");
    platform = start(port);
    say("broker", Verdict.REVIEW);
    await().atMost(LONG).until(() -> labelOf("broker").equals("A person must look"));
    assertThat(text("#live")).isEqualTo("Live");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Order(5)
  void person_decides_on_the_page_and_what_was_typed_is_text() {
    begin("decide");
    say("decide", Verdict.REVIEW);
    open("/?rollout=decide");
    await().atMost(LONG).until(() -> !text("#decisions td").isEmpty());
    run("document.querySelector('.decide').open = true");
    fill("#actor", "Zoë");
    fill("#why", HOSTILE);
    run("document.querySelector('.decide form').requestSubmit()");
    await().atMost(LONG).until(() -> text(".said").equals("On record."));
    await().atMost(LONG).until(() -> text("#decisions").contains(HOSTILE));
    fill("#why", "seen");
    run(
        "document.querySelector('.decide [value=override]').click();"
            + "document.querySelector('#verdict').value = 'ADVANCE';"
            + "document.querySelector('.decide form').requestSubmit()");
    await().atMost(LONG).until(() -> text("#decisions").contains("override ADVANCE"));
    assertThat(run("return window.pwned")).isEqualTo("");
    assertThat(browser.console()).isEmpty();
  }

  private void fill(String selector, String value) {
    run("document.querySelector('" + selector + "').value = `" + value + "`");
  }

  @Test
  @Order(6)
  void hostile_content_is_shown_as_text() throws IOException {
    String long10k = "x".repeat(10_000);
    minute++;
    script.define(
        SAMPLE,
        "hostile",
        now(),
        spec -> {
          spec.put("owner", HOSTILE);
          spec.put("contact", long10k.substring(0, 2_000));
        });
    script.event("hostile", Kind.STAGE_ENTERED, "canary", now());
    GateSignal last = SAMPLE.signals().get(SAMPLE.signals().size() - 1);
    List<Estimate> evidence =
        SAMPLE.estimates().stream().filter(e -> e.boundaryMs() == last.boundaryMs()).toList();
    script.say(
        last,
        "hostile",
        evidence,
        message -> {
          message.path("reasons").forEach(r -> ((ObjectNode) r).put("sentence", RTL + long10k));
          message
              .path("estimates")
              .forEach(
                  e -> {
                    if (e.path("segment").asText().equals("mobile")) {
                      ((ObjectNode) e).put("segment", HOSTILE);
                    }
                  });
        });
    script.say(last, HOSTILE, List.of(), message -> {});
    script.flush();
    browser.view(390, 844, "light");
    open("/");
    await().atMost(LONG).until(() -> text("main").contains(HOSTILE));
    check("hostile-overview");
    open("/?rollout=hostile");
    await().atMost(LONG).until(() -> text("#segments").contains("device=" + HOSTILE));
    await().atMost(LONG).until(this::everyChartIsDrawn);
    assertThat(text("#decisions")).contains(RTL);
    check("hostile-rollout");
    open("/?rollout=" + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8));
    await().atMost(LONG).until(() -> text(".eyebrow").contains(HOSTILE));
    assertThat(run("return document.querySelectorAll('main script, main img').length"))
        .isEqualTo(0L);
    assertThat(run("return window.pwned")).isEqualTo("");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Order(7)
  void token_that_may_read_shows_everything_and_changes_nothing() {
    begin("guarded");
    say("guarded", Verdict.REVIEW);
    // Any variable of the environment that is long enough serves as a token.
    Serving guarded = Serving.start(platform.configFile(), 0, "--token-env", "PATH");
    try {
      browser.open(guarded.address().resolve("/?rollout=guarded"));
      await().atMost(LONG).until(() -> text("h1").equals("A token, please"));
      assertThat(text("main")).doesNotContain("A person must look");
      browser.console(); // the refusal is logged by the browser itself
      fill("#token", System.getenv("PATH"));
      run("document.querySelector('.locked').requestSubmit()");
      await().atMost(LONG).until(() -> text(".label").equals("A person must look"));
      await().atMost(LONG).until(() -> !text("#decisions td").isEmpty());
      assertThat(run("return document.querySelector('.decide form').hidden")).isEqualTo(true);
      String decisions = text("#decisions");
      Object status =
          browser.await(
              "const done = arguments[arguments.length - 1];"
                  + "fetch('/api/rollouts/guarded/events', {method: 'POST', headers:"
                  + " {'Content-Type': 'application/json', Authorization: 'Bearer ' +"
                  + " sessionStorage.getItem('tidegate.token')}, body:"
                  + " JSON.stringify({kind: 'ROLLED_BACK'})}).then(r => done(r.status))");
      assertThat(status).isEqualTo(403L);
      say("guarded", Verdict.HOLD);
      await().atMost(LONG).until(() -> text(".label").equals("Keep waiting"));
      assertThat(text("#decisions"))
          .startsWith(decisions.substring(0, 40))
          .doesNotContain("rolled");
    } finally {
      guarded.stop();
      browser.console(); // the refusals are logged by the browser itself
    }
  }

  @Test
  @Order(8)
  void search_and_filters_are_part_of_an_address_that_can_be_shared() {
    browser.view(1280, 900, "light");
    begin("find-me");
    say("find-me", Verdict.REVIEW);
    begin("not-me");
    say("not-me", Verdict.HOLD);
    open("/");
    browser.console(); // what the page before asked of a server that was stopped
    await().atMost(LONG).until(() -> labelOf("not-me").equals("Keep waiting"));
    assertThat(shown().indexOf("find-me")).isLessThan(shown().indexOf("not-me"));
    type("#q", "find-me");
    await().atMost(LONG).until(() -> shown().equals(List.of("find-me")));
    assertThat(run("return location.search")).isEqualTo("?q=find-me");
    assertThat(text("#count")).contains("1 shown");
    open("/?q=-me&show=act");
    await().atMost(LONG).until(() -> shown().equals(List.of("find-me")));
    assertThat(run("return document.querySelector('#show').value")).isEqualTo("act");
    run("document.querySelector('article h2 a').click()");
    await().atMost(LONG).until(() -> text(".label").equals("A person must look"));
    assertThat(run("return location.search")).isEqualTo("?rollout=find-me&q=-me&show=act");
    run("history.back()");
    await().atMost(LONG).until(() -> shown().equals(List.of("find-me")));
    assertThat(browser.console()).isEmpty();
  }

  @SuppressWarnings("unchecked")
  private List<String> shown() {
    return (List<String>)
        run("return [...document.querySelectorAll('article')].map(each => each.dataset.id)");
  }

  private void type(String selector, String value) {
    fill(selector, value);
    run("document.querySelector('" + selector + "').dispatchEvent(new Event('input'))");
  }

  /** Chromium keeps pages for the way back, and six connections to a server. */
  @Test
  @Order(9)
  void pages_that_were_left_hold_no_connection() {
    for (int i = 0; i < 8; i++) {
      open("/?q=page-" + i);
    }
    await().atMost(LONG).until(() -> text("#live").equals("Live"));
    run("history.back()");
    await().atMost(LONG).until(() -> run("return location.search").equals("?q=page-6"));
    await().atMost(LONG).until(() -> text("#live").equals("Live"));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Order(10)
  void time_to_answer_runs_down_with_the_data_and_is_overdue_when_it_is_up() {
    begin("due");
    long byMs = now() + 5 * 60_000;
    say("due", Verdict.REVIEW, byMs);
    open("/?q=due");
    await().atMost(LONG).until(() -> text(".due").equals("answer within 4 min"));
    minute += 2;
    script.tick(now());
    script.flush();
    await().atMost(LONG).until(() -> text(".due").equals("answer within 2 min"));
    minute += 5;
    script.tick(now());
    script.flush();
    await().atMost(LONG).until(() -> text(".due.overdue").equals("answer overdue by 3 min"));
  }

  @Test
  @Order(11)
  void incident_is_on_both_pages_within_the_rollouts_time() {
    begin("unusual");
    say("unusual", Verdict.HOLD);
    open("/?q=unusual");
    await().atMost(LONG).until(() -> labelOf("unusual").equals("Keep waiting"));
    script.incident(
        new Incident(
            "incident-1",
            now(),
            now(),
            null,
            "",
            Incident.Kind.DIP,
            Incident.Severity.CRITICAL,
            "purchases are 40 % below " + HOSTILE,
            List.of("purchase"),
            Map.of(),
            false,
            "team-shop",
            null,
            60,
            100));
    await().atMost(LONG).until(() -> text(".incident").contains("40 % below " + HOSTILE));
    open("/?rollout=unusual");
    await().atMost(LONG).until(() -> text("#incidents td:nth-child(4)").contains(HOSTILE));
    assertThat(text(".strip")).contains("Split of units", "Volume");
    assertThat(run("return window.pwned")).isEqualTo("");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  @Order(12)
  void who_scrolls_back_reads_the_tables_or_why_they_cannot_be_read() throws IOException {
    open("/?rollout=checkout-v2");
    await().atMost(LONG).until(() -> !text("#decisions td").isEmpty());
    run("document.querySelector('#past').scrollIntoView()");
    await().atMost(LONG).until(() -> text("#past .lead").contains("a rollout that was defined"));
    assertThat(browser.console()).isEmpty();
    try (TableFixture tables =
            TableFixture.create(Files.createDirectory(folder.resolve("tables")));
        BoardFeed feed = BoardFeed.followHistory(TidegateConfig.load(platform.configFile()));
        Server server = overTables(feed, tables.config())) {
      SampleTables.write(tables, SAMPLE);
      browser.open(server.address().resolve("/?rollout=checkout-v2"));
      await().atMost(LONG).until(() -> !text("#decisions td").isEmpty());
      assertThat(text(".meta")).contains("before the newest data (2026-03-").doesNotContain("ago");
      run("document.querySelector('#past').scrollIntoView()");
      await().atMost(LONG).until(() -> text("#past .lead").startsWith("Attempt 1 as the tables"));
      await().atMost(LONG).until(this::everyChartIsDrawn);
      assertThat(text("#past-baseline")).contains("outside what history expects");
      run("document.querySelector('#past-length').value = 24 * 3600000");
      run("document.querySelector('#past-length').dispatchEvent(new Event('change'))");
      await().atMost(LONG).until(() -> text("#past-timeline").contains("over 1 d"));
      run("[...document.querySelectorAll('#past button')][0].click()");
      await().atMost(LONG).until(() -> !text("#past-decisions").contains("rolled back"));
      check("past");
    }
    assertThat(browser.console()).isEmpty();
  }

  /** A server of the topics here, by the wall clock, and the tables of another catalog. */
  private static Server overTables(BoardFeed feed, CatalogConfig tables) {
    return Server.start(
        new Server.Listen("127.0.0.1", 0, Server.Listen.REQUESTS_PER_SECOND),
        Access.open(),
        new Server.Feed(
            feed.board(),
            new Ageing(true, Ageing.DEFAULT_PATIENCE),
            feed::ready,
            feed::complete,
            feed::lag,
            feed::silentMs,
            (rollout, attempt) -> TopicServer.archived(tables, rollout, attempt),
            event -> {},
            line -> {}),
        Clock.systemUTC());
  }

  /** Last, for the browser draws nothing after it. */
  @Test
  @Order(13)
  void page_that_slept_shows_no_old_verdict_as_fresh() {
    begin("sleep");
    say("sleep", Verdict.HOLD);
    open("/");
    await().atMost(LONG).until(() -> labelOf("sleep").equals("Keep waiting"));
    record("sleep");
    browser.command("Page.setWebLifecycleState", Map.of("state", "frozen"));
    say("sleep", Verdict.REVIEW);
    await().pollDelay(Duration.ofSeconds(9)).until(() -> true);
    browser.command("Page.setWebLifecycleState", Map.of("state", "active"));
    await().atMost(LONG).until(() -> labelOf("sleep").equals("A person must look"));
    assertThat(seen()).doesNotContain("Keep waiting");
  }
}
