package io.tidegate.serve;

import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every address in the example manifests is asked for, with what the tool would send. */
class ExampleManifestsTest {

  private static final Path EXAMPLES = Path.of("jobs/examples");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Topic topic = Topic.defined();
  private Server server;

  @BeforeEach
  void start() {
    server =
        Server.start(
            new Server.Listen("127.0.0.1", 0, 1_000),
            Access.open(),
            new Server.Feed(
                topic.board,
                new Ageing(true, Duration.ofMinutes(5)),
                () -> true,
                () -> true,
                Map::of,
                () -> 0,
                Topic.NO_TABLES,
                topic::rollout,
                line -> {}),
            () -> Instant.ofEpochMilli(START_MS));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static List<JsonNode> documents(String file) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> read =
        YAML.readerFor(JsonNode.class).readValues(EXAMPLES.resolve(file).toFile())) {
      read.forEachRemaining(documents::add);
    }
    return documents;
  }

  private HttpResponse<String> send(String method, String address, String body) throws Exception {
    URI named = URI.create(address);
    String path = named.getRawPath() + (named.getQuery() == null ? "" : "?" + named.getRawQuery());
    HttpRequest.BodyPublisher content =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.address().resolve(path)).method(method, content);
    request.header("Content-Type", "application/json");
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String fill(String text, String stage) {
    return text.replace("{{args.rollout}}", Topic.ROLLOUT)
        .replace("{{args.stage}}", stage)
        .replace("{{args.version}}", "7d4b8c")
        .replace("{{args.token}}", "t");
  }

  @Test
  void argo_templates_enter_a_stage_and_read_its_verdict() throws Exception {
    JsonNode rollout = documents("argo/rollout.yaml").get(0);
    List<JsonNode> templates = documents("argo/analysis.yaml");
    List<String> stages = new ArrayList<>();
    for (JsonNode step : rollout.at("/spec/strategy/canary/steps")) {
      if (step.has("analysis")) {
        String name = step.at("/analysis/templates/0/templateName").asText();
        String stage = step.at("/analysis/args/1/value").asText();
        JsonNode template =
            templates.stream()
                .filter(each -> each.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
        stages.add(name + " " + stage);
        measure(template.at("/spec/metrics/0"), stage);
      }
    }
    assertThat(stages)
        .startsWith("tidegate-enter canary", "tidegate-gate canary", "tidegate-enter early")
        .endsWith("tidegate-enter full");
    assertThat(topic.board.state(Topic.ROLLOUT).attempt().epochs()).hasSize(4);
  }

  private void measure(JsonNode metric, String stage) throws Exception {
    JsonNode web = metric.at("/provider/web");
    String body = web.has("jsonBody") ? fill(web.path("jsonBody").toString(), stage) : "";
    String method = web.path("method").asText("GET");
    HttpResponse<String> response = send(method, fill(web.path("url").asText(), stage), body);
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    JsonNode reply = JSON.readTree(response.body());
    if (method.equals("POST")) {
      assertThat(web.path("jsonPath").asText()).isEqualTo("{$}");
      assertThat(reply.path("kind").asText()).isEqualTo("STAGE_ENTERED");
      assertThat(metric.path("successCondition").asText())
          .isEqualTo("result.kind == \"STAGE_ENTERED\"");
    } else {
      assertThat(web.path("jsonPath").asText()).isEqualTo("{$.data}");
      assertThat(reply.at("/data/verdict").asText()).isEqualTo("INCONCLUSIVE");
      assertThat(metric.path("successCondition").asText()).isEqualTo("result.verdict == \"PASS\"");
      assertThat(metric.path("failureCondition").asText()).isEqualTo("result.verdict == \"FAIL\"");
    }
  }

  @Test
  void argo_kayenta_provider_finds_its_config_and_gets_a_score() throws Exception {
    topic.event(Kind.STAGE_ENTERED, "canary", START_MS).tick(START_MS);
    topic.verdict(Verdict.ADVANCE, "canary", 1, START_MS);
    JsonNode kayenta =
        documents("argo/analysis.yaml").get(2).at("/spec/metrics/0/provider/kayenta");
    String address = kayenta.path("address").asText();
    String query = "application=checkout&configurationAccountName=tidegate";
    String configs = send("GET", address + "/canaryConfig?" + query, "").body();
    String name = fill(kayenta.path("canaryConfigName").asText(), "canary");
    assertThat(JSON.readTree(configs).findValuesAsText("name")).contains(name);
    // The manifest says threshold, the message thresholds.
    String body = "{\"scopes\": {}, \"thresholds\": " + kayenta.path("threshold") + "}";
    HttpResponse<String> started = send("POST", address + "/canary/" + name + "?" + query, body);
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
    String id = JSON.readTree(started.body()).path("canaryExecutionId").asText();
    JsonNode result = JSON.readTree(send("GET", address + "/canary/" + id, "").body());
    assertThat(result.at("/result/judgeResult/score/score").asDouble())
        .isGreaterThanOrEqualTo(kayenta.at("/threshold/pass").asDouble());
  }

  @Test
  void argo_notifications_end_a_rollout() throws Exception {
    topic.event(Kind.STAGE_ENTERED, "canary", START_MS);
    JsonNode data = documents("argo/notifications.yaml").get(0).path("data");
    assertThat(YAML.readTree(data.path("service.webhook.tidegate").asText()).path("url").asText())
        .isEqualTo("http://tidegate:8080");
    JsonNode hook =
        YAML.readTree(data.path("template.tidegate-rolled-back").asText()).at("/webhook/tidegate");
    HttpResponse<String> response =
        send(
            "POST",
            "http://tidegate:8080" + hook.path("path").asText(),
            hook.path("body").asText());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    assertThat(topic.board.state(Topic.ROLLOUT).phase()).isEqualTo(RolloutState.Phase.ROLLED_BACK);
    JsonNode done =
        YAML.readTree(data.path("template.tidegate-completed").asText()).at("/webhook/tidegate");
    assertThat(JSON.readTree(done.path("body").asText()).path("kind").asText())
        .isEqualTo("COMPLETED");
  }

  @Test
  void flagger_hooks_are_where_the_canary_says() throws Exception {
    topic.event(Kind.STAGE_ENTERED, "canary", START_MS).tick(START_MS);
    topic.verdict(Verdict.HOLD, "canary", 1, START_MS);
    JsonNode analysis = documents("flagger/canary.yaml").get(0).at("/spec/analysis");
    assertThat(analysis.path("stepWeights").toString()).isEqualTo("[1,10,50]");
    String body =
        "{\"name\": \"checkout\", \"namespace\": \"default\", \"phase\": \"Progressing\"}";
    for (JsonNode hook : analysis.path("webhooks")) {
      String url = hook.path("url").asText();
      assertThat(url).endsWith("/" + hook.path("type").asText());
      HttpResponse<String> response = send("POST", url, body);
      assertThat(response.statusCode()).as(url + ": " + response.body()).isIn(200, 403);
    }
  }

  @Test
  void spinnaker_stages_enter_and_wait() throws Exception {
    String text = Files.readString(EXAMPLES.resolve("spinnaker/pipeline.json"));
    JsonNode stages = JSON.readTree(text).path("stages");
    HttpResponse<String> entered =
        send("POST", stages.at("/0/url").asText(), stages.at("/0/payload").toString());
    assertThat(entered.statusCode()).as(entered.body()).isEqualTo(201);
    JsonNode canary = stages.at("/1/canaryConfig");
    JsonNode scores = canary.path("scoreThresholds");
    String body =
        "{\"scopes\": {}, \"thresholds\": {\"pass\": %s, \"marginal\": %s}}"
            .formatted(scores.path("pass").asText(), scores.path("marginal").asText());
    String address = "http://tidegate:8080/canary/" + canary.path("canaryConfigId").asText();
    HttpResponse<String> started = send("POST", address + "?application=checkout", body);
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
  }
}
