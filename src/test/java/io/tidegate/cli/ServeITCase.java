package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.cli.demo.LiveShop;
import io.tidegate.codec.GateMessages;
import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.TopicFollower;
import io.tidegate.connector.Topics;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.OutRecord;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import io.tidegate.serve.Topic;
import io.tidegate.simulate.Lever;
import io.tidegate.simulate.PlantedEffect;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tidegate serve} and {@code tidegate verdict} in front of the real gate: rollout tools that
 * know nothing but the bridge, or nothing but the topic, ramp a simulated shop.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServeITCase {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofHours(2);
  private static final String SPEC = "src/test/resources/specs/bridge.yaml";
  private static final long START_MS = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
  private static final List<PlantedEffect> NO_HARM = List.of();
  private static final List<PlantedEffect> HARM =
      List.of(new PlantedEffect(Lever.PURCHASE, -0.6, "", "half", Map.of()));

  /** Stage → Flagger's weight. */
  private static final Map<String, Integer> WEIGHTS = Map.of("canary", 10, "half", 50, "full", 100);

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Verdict> onTopic = new CopyOnWriteArrayList<>();
  private EmbeddedPlatform platform;
  private LiveShop.Gate gate;
  private Serving serving;
  private Path folder;
  private long nextMs = START_MS;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    platform =
        EmbeddedPlatform.start(
            EmbeddedPlatform.Options.in(folder.resolve("data")).withEvents(LiveShop.EVENTS));
    gate = LiveShop.Gate.start(platform.config());
    serving = Serving.start(platform.configFile());
    await().atMost(LONG).until(() -> get("/health").statusCode() == 200);
  }

  @AfterAll
  void stop() {
    serving.stop();
    gate.close();
    platform.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(serving.address().resolve(path)));
  }

  private HttpResponse<String> post(String path, String body) {
    return send(
        HttpRequest.newBuilder(serving.address().resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode json(String path) {
    try {
      return JSON.readTree(get(path).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Cli tidegate(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", platform.configFile().toString()));
    return Cli.run(all.toArray(String[]::new));
  }

  private static List<String> stages() {
    return RolloutSpecs.read(Path.of(SPEC)).stages().stream().map(Stage::name).toList();
  }

  private String specFor(String rollout) throws IOException {
    return Files.readString(Path.of(SPEC)).replace("ROLLOUT", rollout);
  }

  /** A shop of its own days, and its rollout. */
  private LiveShop open(String rollout, List<PlantedEffect> effects) throws IOException {
    byte[] yaml = specFor(rollout).getBytes(StandardCharsets.UTF_8);
    LiveShop shop =
        new LiveShop(
            platform.config(),
            RolloutSpecs.parse(rollout, yaml, RolloutSpecs.OUT_OF_ORDER),
            nextMs,
            effects);
    nextMs += Duration.ofDays(7).toMillis();
    return shop;
  }

  private LiveShop openDefined(String rollout, List<PlantedEffect> effects) throws IOException {
    LiveShop shop = open(rollout, effects);
    Path file = folder.resolve(rollout + ".yaml");
    Files.writeString(file, specFor(rollout));
    shop.live(Duration.ofHours(1));
    Cli defined = tidegate("rollout", "define", file.toString(), "--at", shop.now().toString());
    assertThat(defined.code()).as(defined.err()).isZero();
    await().atMost(LONG).until(() -> get("/api/rollouts/" + rollout).statusCode() == 200);
    return shop;
  }

  /** Time passes until the bridge has the verdicts of it. */
  private void live(LiveShop shop, String rollout) {
    shop.live(POLL);
    await()
        .atMost(LONG)
        .until(
            () -> {
              gate.requireAlive();
              String boundary = json("/api/rollouts/" + rollout).path("boundary").asText("");
              return !boundary.isEmpty() && !Instant.parse(boundary).isBefore(shop.judged());
            });
  }

  /** As Argo's web provider: always 200, and an expression over the result. */
  private String measurement(String rollout, String stage) {
    HttpResponse<String> response = get("/argo/" + rollout + "?stage=" + stage);
    assertThat(response.statusCode()).isEqualTo(200);
    try {
      return JSON.readTree(response.body()).at("/data/verdict").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(String rollout, String kind, String stage) {
    String event = "{\"kind\": \"%s\", \"stage\": \"%s\", \"actor\": \"argo\"}";
    String body = event.formatted(kind, stage).replace(", \"stage\": \"\"", "");
    HttpResponse<String> response = post("/api/rollouts/" + rollout + "/events", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
  }

  /** A rollout with a step for each stage and an analysis after it, as Argo runs it. */
  private List<String> rollOutWithArgo(LiveShop shop, String rollout) {
    List<String> measured = new ArrayList<>();
    for (String stage : stages()) {
      shop.serve(stage);
      say(rollout, "STAGE_ENTERED", stage);
      String result = "INCONCLUSIVE";
      while (result.equals("INCONCLUSIVE")) {
        live(shop, rollout);
        result = measurement(rollout, stage);
      }
      measured.add(stage + " " + result);
      if (result.equals("FAIL")) {
        return measured;
      }
    }
    say(rollout, "COMPLETED", "");
    return measured;
  }

  @Test
  @Order(1)
  void argo_poller_is_led_to_a_rollback_by_harm() throws Exception {
    try (LiveShop shop = openDefined("argo-harmed", HARM)) {
      assertThat(tidegate("verdict", "argo-harmed").code()).isEqualTo(VerdictCommand.WAIT);
      assertThat(rollOutWithArgo(shop, "argo-harmed")).containsExactly("canary PASS", "half FAIL");
      Cli back = tidegate("verdict", "argo-harmed", "--stage", "half", "--wait", "PT10S");
      assertThat(back.code()).isEqualTo(VerdictCommand.ROLLBACK);
      assertThat(back.out()).startsWith("FAIL: ROLLBACK at stage half: conversion");
      assertThat(back.out()).contains("HARM_SHOWN", "log e");
      shop.serveNobody();
      say("argo-harmed", "ROLLED_BACK", "");
      assertThat(json("/argo/argo-harmed").at("/data/code").asText()).isEqualTo("ROLLED_BACK");
    }
  }

  /** Flagger's loop: the hooks of one analysis after the other, events for what it did. */
  private String rollOutWithFlagger(LiveShop shop, String rollout) {
    assertThat(hook(rollout, "confirm-rollout")).isEqualTo(200);
    for (String stage : stages()) {
      shop.serve(stage);
      event(rollout, "Advance podinfo.test canary weight " + WEIGHTS.get(stage));
      String goOn = stage.equals("full") ? "confirm-promotion" : "confirm-traffic-increase";
      int answer = 403;
      while (answer != 200) {
        live(shop, rollout);
        if (hook(rollout, "rollback") == 200) {
          assertThat(hook(rollout, goOn)).isEqualTo(403);
          assertThat(hook(rollout, "rollout")).isEqualTo(403);
          shop.serveNobody();
          event(rollout, "Canary failed! Scaling down podinfo.test");
          return "rolled back from " + stage;
        }
        assertThat(hook(rollout, "rollout")).isEqualTo(200);
        answer = hook(rollout, goOn);
      }
    }
    event(rollout, "Promotion completed! Scaling down podinfo.test");
    return "promoted";
  }

  @Test
  @Order(2)
  void flagger_is_led_to_a_rollback_by_harm() throws Exception {
    try (LiveShop shop = openDefined("flagger-harmed", HARM)) {
      assertThat(rollOutWithFlagger(shop, "flagger-harmed")).isEqualTo("rolled back from half");
      assertThat(json("/api/rollouts/flagger-harmed").path("phase").asText())
          .isEqualTo("rolled_back");
    }
  }

  @Test
  @Order(3)
  void argo_poller_is_led_to_100_percent() throws Exception {
    try (LiveShop shop = openDefined("argo-healthy", NO_HARM)) {
      assertThat(rollOutWithArgo(shop, "argo-healthy"))
          .containsExactly("canary PASS", "half PASS", "full PASS");
      assertThat(measurement("argo-healthy", "full")).isEqualTo("PASS");
    }
  }

  @Test
  @Order(4)
  void kayenta_client_reads_a_running_and_a_finished_execution() throws Exception {
    try (LiveShop shop = openDefined("kayenta-healthy", NO_HARM)) {
      shop.serve("canary");
      say("kayenta-healthy", "STAGE_ENTERED", "canary");
      String body = "{\"scopes\": {}, \"thresholds\": {\"pass\": 95, \"marginal\": 75}}";
      String id =
          JSON.readTree(post("/canary/kayenta-healthy:canary?application=shop", body).body())
              .path("canaryExecutionId")
              .asText();
      assertThat(json("/canary/" + id).path("complete").asBoolean()).isFalse();
      JsonNode execution = json("/canary/" + id);
      while (!execution.path("complete").asBoolean()) {
        live(shop, "kayenta-healthy");
        execution = json("/canary/" + id);
      }
      assertThat(execution.at("/result/judgeResult/score/score").asDouble()).isEqualTo(100);
      say("kayenta-healthy", "ROLLED_BACK", "");
    }
  }

  @Test
  @Order(5)
  void flagger_takes_a_rollout_to_100_percent_and_a_restart_changes_no_answer() throws Exception {
    try (LiveShop shop = openDefined("flagger-healthy", NO_HARM)) {
      assertThat(rollOutWithFlagger(shop, "flagger-healthy")).isEqualTo("promoted");
    }
    Cli complete = tidegate("verdict", "flagger-healthy", "--output", "json");
    assertThat(complete.code()).as(complete.err()).isEqualTo(Tidegate.OK);
    assertThat(complete.out()).contains("\"answer_code\" : \"COMPLETED\"");
    JsonNode before = json("/api/rollouts/flagger-healthy");
    serving.stop();
    serving = Serving.start(platform.configFile());
    await().atMost(LONG).until(() -> get("/health").statusCode() == 200);
    JsonNode after = json("/api/rollouts/flagger-healthy");
    for (String field : List.of("phase", "attempt", "signal", "log", "answer", "stages")) {
      assertThat(after.path(field)).as(field).isEqualTo(before.path(field));
    }
    assertThat(get("/metrics").body())
        .contains("tidegate_rollout_phase{rollout=\"flagger-healthy\",phase=\"completed\"} 1");
  }

  private static String act(RolloutEvent event) {
    return (event.kind() + " " + event.stage()).strip();
  }

  @Test
  @Order(6)
  void consumer_of_the_topic_alone_is_led_to_100_percent_and_by_harm_to_a_rollback()
      throws Exception {
    try (LiveShop shop = open("topic-healthy", NO_HARM)) {
      assertThat(shop.followTopic(gate).stream().map(ServeITCase::act))
          .containsExactly(
              "DEFINED",
              "STAGE_ENTERED canary",
              "STAGE_ENTERED half",
              "STAGE_ENTERED full",
              "COMPLETED");
    }
    try (LiveShop shop = open("topic-harmed", HARM)) {
      assertThat(shop.followTopic(gate).stream().map(ServeITCase::act))
          .containsExactly("DEFINED", "STAGE_ENTERED canary", "STAGE_ENTERED half", "ROLLED_BACK");
    }
  }

  @Test
  @Order(7)
  void a_verdict_that_was_never_committed_is_seen_by_nobody() {
    KafkaConfig kafka = platform.config().kafka();
    long boundaryMs = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
    try (KafkaProducer<byte[], byte[]> producer = transactional(kafka)) {
      write(producer, kafka, Verdict.ROLLBACK, boundaryMs + 60_000);
      producer.abortTransaction();
      write(producer, kafka, Verdict.HOLD, boundaryMs);
      producer.commitTransaction();
    }
    JsonNode seen =
        await()
            .atMost(LONG)
            .until(() -> json("/api/rollouts/" + Topic.ROLLOUT), json -> json.has("verdict"));
    assertThat(seen.path("verdict").asText()).isEqualTo("HOLD");
    try (TopicFollower reader =
        TopicFollower.start(kafka, List.of(kafka.topics().gateSignals()), this::remember)) {
      await().atMost(LONG).until(reader::caughtUp);
      assertThat(onTopic).contains(Verdict.ROLLBACK, Verdict.ADVANCE).endsWith(Verdict.HOLD);
      assertThat(reader.lag()).containsEntry(kafka.topics().gateSignals(), 0L);
    }
  }

  private static KafkaProducer<byte[], byte[]> transactional(KafkaConfig kafka) {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "aborts");
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static void write(
      KafkaProducer<byte[], byte[]> producer, KafkaConfig kafka, Verdict verdict, long timeMs) {
    Topics names = kafka.topics();
    GateMessages messages =
        new GateMessages(
            names.gateSignals(), names.gateVerdicts(), names.gateEvidence(), names.lateEvents());
    producer.beginTransaction();
    GateSignal signal = Topic.signal(verdict, "canary", 1, timeMs);
    for (OutRecord out : messages.of(new Evaluation(signal, List.of()))) {
      byte[] key = out.key().getBytes(StandardCharsets.UTF_8);
      var unused = producer.send(new ProducerRecord<>(out.topic(), key, out.value()));
    }
    producer.flush();
  }

  private void remember(ConsumerRecord<byte[], byte[]> record) {
    try {
      onTopic.add(SignalCodec.readSignal(record.value()).verdict());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(8)
  void verdict_names_a_wrong_rollout_or_stage() {
    Cli unknown = tidegate("verdict", "argo-health");
    assertThat(unknown.code()).isEqualTo(Tidegate.USAGE);
    assertThat(unknown.err()).contains("did you mean argo-healthy?");
    Cli stage = tidegate("verdict", "argo-healthy", "--stage", "canari");
    assertThat(stage.code()).isEqualTo(Tidegate.USAGE);
    assertThat(stage.err()).contains("did you mean canary?");
    assertThat(tidegate("verdict", "argo-healthy", "--wait", "soon").code())
        .isEqualTo(Tidegate.USAGE);
  }

  @Test
  @Order(9)
  void verdict_on_a_stage_not_judged_yet_says_when_it_will_be_and_what_is_heard_of_the_gate()
      throws Exception {
    try (LiveShop shop = openDefined("waiting", List.of())) {
      say("waiting", "STAGE_ENTERED", "canary");
      Cli waits = tidegate("verdict", "waiting", "--stage", "canary");
      assertThat(waits.code()).isEqualTo(VerdictCommand.WAIT);
      assertThat(waits.out())
          .startsWith("INCONCLUSIVE: stage canary has no verdict yet: its first look is due at 20");
      assertThat(waits.err())
          .contains("newest tick of the clock: " + shop.now(), "newest verdict: none")
          .doesNotContain("tidegate run gate");
      live(shop, "waiting");
      say("waiting", "STAGE_ENTERED", "half");
      Cli again = tidegate("verdict", "waiting");
      assertThat(again.code()).isEqualTo(VerdictCommand.WAIT);
      assertThat(again.err())
          .containsPattern(
              "newest verdict: \\w+ at stage canary \\(attempt 1\\) of 20\\S+Z, written .+ ago");
    }
  }

  private int hook(String rollout, String type) {
    String body = "{\"name\": \"podinfo\", \"namespace\": \"test\", \"phase\": \"Progressing\"}";
    return post("/flagger/" + rollout + "/" + type, body).statusCode();
  }

  /** Flagger's event hook; its timestamp tells events apart. */
  private void event(String rollout, String message) {
    String body =
        """
        {"name": "podinfo", "namespace": "test", "phase": "Progressing", "checksum": "85d557f47b",
         "metadata": {"eventMessage": "%s", "eventType": "Normal", "timestamp": "%d"}}\
        """
            .formatted(message, System.nanoTime());
    HttpResponse<String> response = post("/flagger/" + rollout + "/event", body);
    assertThat(response.body()).contains("recorded");
    assertThat(response.statusCode()).isEqualTo(200);
  }
}
