package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.GateMessages;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.TopicFollower;
import io.tidegate.connector.Topics;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.OutRecord;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import io.tidegate.serve.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * {@code tidegate serve} and {@code tidegate verdict} over a real broker. Verdicts are written with
 * the product's codec by a script that answers each stage that the tools enter.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServeITCase {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<String> STAGES = List.of("canary", "early", "half", "full");
  private static final Map<String, Integer> WEIGHTS =
      Map.of("canary", 1, "early", 10, "half", 50, "full", 100);

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Verdict> onTopic = new CopyOnWriteArrayList<>();
  private EmbeddedPlatform platform;
  private Script script;
  private Serving serving;

  /** A running {@code tidegate serve}. */
  private record Serving(Thread thread, CompletableFuture<Integer> code, URI address) {

    static Serving start(Path config) {
      StringWriter err = new StringWriter();
      CompletableFuture<Integer> code = new CompletableFuture<>();
      String[] args = {"serve", "--port", "0", "--config", config.toString()};
      PrintWriter out = new PrintWriter(new StringWriter(), true);
      Thread thread =
          new Thread(() -> code.complete(Tidegate.run(out, new PrintWriter(err, true), args)));
      thread.start();
      Pattern line = Pattern.compile("tidegate serves on (http://\\S+)");
      Matcher found =
          await()
              .atMost(LONG)
              .until(
                  () -> {
                    assertThat(code).as(err.toString()).isNotDone();
                    return line.matcher(err.toString());
                  },
                  Matcher::find);
      return new Serving(thread, code, URI.create(found.group(1)));
    }

    void stop() {
      thread.interrupt();
      assertThat(code.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join()).isZero();
    }
  }

  /** Answers every stage that is entered: HOLD, then ADVANCE, or ROLLBACK where it is told so. */
  private static final class Script implements AutoCloseable {
    private final KafkaConfig config;
    private final KafkaProducer<byte[], byte[]> verdicts;
    private final EventProducer ticks;
    private final TopicFollower follower;
    private int attempt = 1;
    private volatile String harmAt = "";

    Script(KafkaConfig config) {
      this.config = config;
      Map<String, Object> properties =
          Map.of(
              "bootstrap.servers",
              config.bootstrapServers(),
              "transactional.id",
              "script",
              "enable.idempotence",
              true);
      verdicts =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
      verdicts.initTransactions();
      ticks = new EventProducer(config);
      follower = TopicFollower.start(config, List.of(config.topics().rollouts()), this::answer);
    }

    private void answer(ConsumerRecord<byte[], byte[]> record) {
      RolloutEvent event =
          ((Decoded.Event<RolloutEvent>) RolloutEventCodec.decode(record.value())).event();
      if (event.kind() == Kind.ROLLED_BACK) {
        attempt++;
      } else if (event.kind() == Kind.STAGE_ENTERED) {
        say(Verdict.HOLD, event.stage(), true);
        // Never committed, so nobody may see it.
        say(Verdict.ADVANCE, event.stage(), false);
        boolean harm = event.stage().equals(harmAt);
        say(harm ? Verdict.ROLLBACK : Verdict.ADVANCE, event.stage(), true);
      }
    }

    synchronized void say(Verdict verdict, String stage, boolean commit) {
      long nowMs = System.currentTimeMillis();
      ticks.rollout(RolloutEvent.tick("tick-" + nowMs, nowMs));
      ticks.flush();
      Topics names = config.topics();
      GateMessages messages =
          new GateMessages(
              names.gateSignals(), names.gateVerdicts(), names.gateEvidence(), names.lateEvents());
      GateSignal signal = Topic.signal(verdict, stage, attempt, nowMs);
      verdicts.beginTransaction();
      for (OutRecord out : messages.of(new Evaluation(signal, List.of()))) {
        byte[] key = out.key().getBytes(StandardCharsets.UTF_8);
        var unused = verdicts.send(new ProducerRecord<>(out.topic(), key, out.value()));
      }
      verdicts.flush();
      if (commit) {
        verdicts.commitTransaction();
      } else {
        verdicts.abortTransaction();
      }
    }

    @Override
    public void close() {
      follower.close();
      verdicts.close();
      ticks.close();
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) {
    platform = EmbeddedPlatform.start(folder.resolve("data"));
    try (EventProducer producer = new EventProducer(platform.config().kafka())) {
      producer.rollout(Topic.definition());
    }
    script = new Script(platform.config().kafka());
    serving = Serving.start(platform.configFile());
    await().atMost(LONG).until(() -> get("/health").statusCode() == 200);
  }

  @AfterAll
  void stop() {
    serving.stop();
    script.close();
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

  private Cli verdict(String... more) {
    String[] args = new String[more.length + 4];
    args[0] = "verdict";
    args[1] = Topic.ROLLOUT;
    args[2] = "--config";
    args[3] = platform.configFile().toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return Cli.run(args);
  }

  /** As Argo's web provider with two conditions: polls until one holds. */
  private String measure(String stage) {
    return await()
        .atMost(LONG)
        .until(
            () -> {
              HttpResponse<String> response = get("/argo/" + Topic.ROLLOUT + "?stage=" + stage);
              assertThat(response.statusCode()).isEqualTo(200);
              return JSON.readTree(response.body()).at("/data/verdict").asText();
            },
            verdict -> verdict.equals("PASS") || verdict.equals("FAIL"));
  }

  private void say(String kind, String stage) {
    String event = "{\"kind\": \"%s\", \"stage\": \"%s\", \"actor\": \"argo\"}";
    String body = event.formatted(kind, stage).replace(", \"stage\": \"\"", "");
    HttpResponse<String> response = post("/api/rollouts/checkout-v2/events", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
  }

  @Test
  @Order(1)
  void argo_poller_is_led_to_a_rollback_by_harm() {
    assertThat(verdict().code()).isEqualTo(VerdictCommand.WAIT);
    script.harmAt = "early";
    say("STAGE_ENTERED", "canary");
    assertThat(measure("canary")).isEqualTo("PASS");
    say("STAGE_ENTERED", "early");
    assertThat(measure("early")).isEqualTo("FAIL");
    Cli back = verdict("--stage", "early", "--wait", "PT10S");
    assertThat(back.code()).isEqualTo(VerdictCommand.ROLLBACK);
    assertThat(back.out()).startsWith("FAIL: ROLLBACK at stage early: errors in device=mobile");
    assertThat(back.out()).contains("HARM_SHOWN", "log e 9.3");
    say("ROLLED_BACK", "");
    assertThat(json("/argo/checkout-v2").at("/data/code").asText()).isEqualTo("ROLLED_BACK");
  }

  @Test
  @Order(2)
  void flagger_is_led_to_a_rollback_by_harm() {
    script.harmAt = "early";
    assertThat(hook("confirm-rollout").statusCode()).isEqualTo(200);
    advance("canary");
    await().atMost(LONG).until(() -> hook("confirm-traffic-increase").statusCode() == 200);
    assertThat(hook("rollback").statusCode()).isEqualTo(403);
    advance("early");
    await().atMost(LONG).until(() -> hook("rollback").statusCode() == 200);
    assertThat(hook("confirm-traffic-increase").statusCode()).isEqualTo(403);
    assertThat(hook("rollout").statusCode()).isEqualTo(403);
    event("Canary failed! Scaling down podinfo.test");
    assertThat(json("/api/rollouts/checkout-v2").path("phase").asText()).isEqualTo("rolled_back");
  }

  @Test
  @Order(3)
  void kayenta_client_reads_a_running_and_a_finished_execution() throws Exception {
    script.harmAt = "";
    say("STAGE_ENTERED", "canary");
    String body = "{\"scopes\": {}, \"thresholds\": {\"pass\": 95, \"marginal\": 75}}";
    String id =
        JSON.readTree(post("/canary/checkout-v2:canary?application=shop", body).body())
            .path("canaryExecutionId")
            .asText();
    JsonNode done =
        await()
            .atMost(LONG)
            .until(() -> json("/canary/" + id), result -> result.path("complete").asBoolean());
    assertThat(done.at("/result/judgeResult/score/score").asDouble()).isEqualTo(100);
    say("ROLLED_BACK", "");
  }

  @Test
  @Order(4)
  void flagger_takes_a_rollout_to_100_percent_and_a_restart_changes_no_answer() {
    script.harmAt = "";
    for (String stage : STAGES) {
      advance(stage);
      String gate = stage.equals("full") ? "confirm-promotion" : "confirm-traffic-increase";
      await().atMost(LONG).until(() -> hook(gate).statusCode() == 200);
    }
    event("Promotion completed! Scaling down podinfo.test");
    Cli complete = verdict("--output", "json");
    assertThat(complete.code()).as(complete.err()).isEqualTo(Tidegate.OK);
    assertThat(complete.out()).contains("\"answer_code\" : \"COMPLETED\"");
    JsonNode before = json("/api/rollouts/checkout-v2");
    serving.stop();
    serving = Serving.start(platform.configFile());
    await().atMost(LONG).until(() -> get("/health").statusCode() == 200);
    JsonNode after = json("/api/rollouts/checkout-v2");
    for (String field : List.of("phase", "attempt", "signal", "log", "answer", "stages")) {
      assertThat(after.path(field)).as(field).isEqualTo(before.path(field));
    }
    assertThat(get("/metrics").body())
        .contains("tidegate_rollout_phase{rollout=\"checkout-v2\",phase=\"completed\"} 1");
  }

  @Test
  @Order(5)
  void consumer_of_the_topic_alone_sees_the_same_verdicts() {
    Topics names = platform.config().kafka().topics();
    try (TopicFollower reader =
        TopicFollower.start(
            platform.config().kafka(), List.of(names.gateSignals()), this::remember)) {
      await().atMost(LONG).until(reader::caughtUp);
      assertThat(onTopic.stream().filter(verdict -> verdict == Verdict.ROLLBACK)).hasSize(2);
      assertThat(onTopic.stream().filter(verdict -> verdict == Verdict.ADVANCE)).hasSize(7);
      assertThat(onTopic).endsWith(Verdict.ADVANCE);
      assertThat(reader.lag()).containsEntry(names.gateSignals(), 0L);
    }
  }

  private void remember(ConsumerRecord<byte[], byte[]> record) {
    try {
      onTopic.add(SignalCodec.readSignal(record.value()).verdict());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(6)
  void verdict_names_a_wrong_rollout_or_stage() {
    String config = platform.configFile().toString();
    Cli unknown = Cli.run("verdict", "checkout-v1", "--config", config);
    assertThat(unknown.code()).isEqualTo(Tidegate.USAGE);
    assertThat(unknown.err()).contains("did you mean checkout-v2?");
    Cli stage = verdict("--stage", "canari");
    assertThat(stage.code()).isEqualTo(Tidegate.USAGE);
    assertThat(stage.err()).contains("did you mean canary?");
    assertThat(verdict("--wait", "soon").code()).isEqualTo(Tidegate.USAGE);
  }

  private HttpResponse<String> hook(String type) {
    String body = "{\"name\": \"podinfo\", \"namespace\": \"test\", \"phase\": \"Progressing\"}";
    return post("/flagger/checkout-v2/" + type, body);
  }

  private void advance(String stage) {
    event("Advance podinfo.test canary weight " + WEIGHTS.get(stage));
  }

  /** Flagger's event hook; its timestamp tells events apart. */
  private void event(String message) {
    String body =
        """
        {"name": "podinfo", "namespace": "test", "phase": "Progressing", "checksum": "85d557f47b",
         "metadata": {"eventMessage": "%s", "eventType": "Normal", "timestamp": "%d"}}"""
            .formatted(message, System.nanoTime());
    HttpResponse<String> response = post("/flagger/checkout-v2/event", body);
    assertThat(response.body()).contains("recorded");
    assertThat(response.statusCode()).isEqualTo(200);
  }
}
