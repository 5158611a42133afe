package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.ROLLOUT;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.Incident;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.UserError;
import io.tidegate.model.Verdict;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server over a board whose topic is the test: what is written comes back as records. */
class ServerTest {

  private static final long T1 = START_MS + MINUTE_MS;
  private static final String READ = "read-token-0123456789";
  private static final String DECIDE = "decide-token-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Topic topic = Topic.defined();
  private final List<String> audit = new CopyOnWriteArrayList<>();
  private volatile boolean ready = true;
  private volatile boolean complete = true;
  private Archive archive = Topic.NO_TABLES;
  private Server server;

  @AfterEach
  void stop() {
    server.close();
  }

  private void start(Access access, double perSecond) {
    server =
        Server.start(
            new Server.Listen("127.0.0.1", 0, perSecond),
            access,
            new Server.Feed(
                topic.board,
                new Ageing(true, Duration.ofMinutes(5)),
                () -> ready,
                () -> complete,
                () -> Map.of("gate-verdicts", 3L),
                () -> 0,
                (id, attempt) -> archive.attempt(id, attempt),
                topic::rollout,
                audit::add),
            () -> Instant.ofEpochMilli(T1));
  }

  private void startOpen() {
    start(Access.open(), 1_000);
  }

  private void startGuarded() {
    start(
        Access.tokens(
            List.of("READER"), List.of("DECIDER"), Map.of("READER", READ, "DECIDER", DECIDE)),
        1_000);
  }

  private Topic canary(Verdict verdict) {
    return topic
        .event(Kind.STAGE_ENTERED, "canary", START_MS)
        .tick(T1)
        .verdict(verdict, "canary", 1, T1);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(server.address().resolve(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(String path) {
    return send(to(path));
  }

  private HttpResponse<String> post(String path, String body) {
    return send(posting(path, body));
  }

  private HttpRequest.Builder posting(String path, String body) {
    return to(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException(response.body(), e);
    }
  }

  private static String thresholds(int pass, int marginal) {
    return "{\"scopes\": {\"default\": {}}, \"thresholds\": {\"pass\": %d, \"marginal\": %d}}"
        .formatted(pass, marginal);
  }

  @Test
  void argo_reads_three_outcomes_and_always_200() {
    startOpen();
    assertThat(json(get("/argo/none")).at("/data/verdict").asText()).isEqualTo("INCONCLUSIVE");
    assertThat(get("/argo/none").statusCode()).isEqualTo(200);
    canary(Verdict.ADVANCE);
    JsonNode data = json(get("/argo/checkout-v2?stage=canary")).path("data");
    assertThat(data.path("verdict").asText()).isEqualTo("PASS");
    assertThat(data.path("ok").asBoolean()).isTrue();
    assertThat(data.path("next_percent").asDouble()).isEqualTo(10);
    assertThat(data.at("/reasons/0/code").asText()).isEqualTo("ENOUGH");
    assertThat(json(get("/argo/checkout-v2?stage=early")).at("/data/verdict").asText())
        .isEqualTo("INCONCLUSIVE");
    topic.verdict(Verdict.ROLLBACK, "canary", 1, T1);
    assertThat(json(get("/argo/checkout-v2")).at("/data/verdict").asText()).isEqualTo("FAIL");
    ready = false;
    assertThat(json(get("/argo/checkout-v2")).at("/data/code").asText()).isEqualTo("STARTING");
  }

  @Test
  void json_lists_rollouts_and_shows_one_with_its_signal_and_log() {
    startOpen();
    canary(Verdict.ROLLBACK).evidence("canary", 1, T1);
    JsonNode list = json(get("/api/rollouts"));
    assertThat(list.at("/rollouts/0/rollout_id").asText()).isEqualTo(ROLLOUT);
    assertThat(list.at("/rollouts/0/answer/verdict").asText()).isEqualTo("FAIL");
    JsonNode one = json(get("/api/rollouts/checkout-v2"));
    assertThat(one.at("/signal/verdict").asText()).isEqualTo("ROLLBACK");
    assertThat(one.at("/signal/evidence/0/rel_effect_size").asDouble()).isEqualTo(1);
    assertThat(one.at("/stages/0/entered").asText()).isEqualTo("2026-01-05T00:00:00Z");
    assertThat(one.at("/log/0/kind").asText()).isEqualTo("DEFINED");
    assertThat(one.at("/freshness/stale").asBoolean()).isFalse();
    assertThat(one.at("/freshness/seconds_since_tick").asDouble()).isZero();
    HttpResponse<String> none = get("/api/rollouts/checkout");
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(json(none).at("/error/message").asText()).contains("did you mean checkout-v2?");
  }

  @ParameterizedTest
  @CsvSource({
    "ADVANCE, true, succeeded, 100, Pass",
    "ROLLBACK, true, succeeded, 0, Fail",
    "REVIEW, true, succeeded, 62.5, Marginal"
  })
  void kayenta_execution_ends_with_a_score(
      Verdict verdict, boolean complete, String status, double score, String classification) {
    startOpen();
    canary(verdict).evidence("canary", 1, T1);
    JsonNode configs = json(get("/canaryConfig?application=shop&configurationAccountName=a"));
    assertThat(configs.findValuesAsText("name")).contains(ROLLOUT, "checkout-v2:canary");
    assertThat(configs.at("/0/updatedTimestamp").isIntegralNumber()).isTrue();
    String execution =
        json(post("/canary/checkout-v2:canary?application=shop", thresholds(75, 50)))
            .path("canaryExecutionId")
            .asText();
    JsonNode result = json(get("/canary/" + execution));
    assertThat(result.path("complete").asBoolean()).isEqualTo(complete);
    assertThat(result.path("status").asText()).isEqualTo(status);
    JsonNode total = result.at("/result/judgeResult/score");
    assertThat(total.path("score").asDouble()).isEqualTo(score);
    assertThat(total.path("classification").asText()).isEqualTo(classification);
    assertThat(total.path("classificationReason").asText()).startsWith(verdict + " at stage");
    if (verdict == Verdict.ROLLBACK) {
      JsonNode metric = result.at("/result/judgeResult/results/0");
      assertThat(metric.path("name").asText()).isEqualTo("errors");
      assertThat(metric.path("classification").asText()).isEqualTo("High");
      assertThat(metric.at("/experimentMetadata/stats/count").asLong()).isEqualTo(4851);
    }
  }

  @Test
  void kayenta_execution_runs_on_while_the_gate_holds() {
    startOpen();
    canary(Verdict.HOLD);
    String execution =
        json(post("/canary/checkout-v2", thresholds(95, 75))).path("canaryExecutionId").asText();
    JsonNode running = json(get("/canary/" + execution));
    assertThat(running.path("complete").asBoolean(true)).isFalse();
    assertThat(running.path("status").asText()).isEqualTo("running");
    assertThat(running.has("result")).isFalse();
    HttpRequest.Builder cancel =
        to("/pipelines/" + execution + "/cancel").PUT(HttpRequest.BodyPublishers.noBody());
    assertThat(send(cancel).statusCode()).isEqualTo(200);
  }

  @Test
  void kayenta_refuses_what_it_cannot_answer() {
    startOpen();
    canary(Verdict.HOLD);
    assertThat(post("/canary/checkout-v2:canari", thresholds(95, 75)).statusCode()).isEqualTo(404);
    HttpResponse<String> noMiddle = post("/canary/checkout-v2", thresholds(75, 75));
    assertThat(noMiddle.statusCode()).isEqualTo(400);
    assertThat(json(noMiddle).at("/error/problems/0/path").asText())
        .isEqualTo("thresholds.marginal");
    assertThat(json(post("/canary/checkout-v2", "{}")).at("/error/problems")).hasSize(2);
    assertThat(get("/canary/nonsense").statusCode()).isEqualTo(404);
    JsonNode config = json(get("/canaryConfig/checkout-v2"));
    assertThat(config.at("/judge/name").asText()).isEqualTo("tidegate");
    assertThat(config.at("/metrics/1/analysisConfigurations/canary/direction").asText())
        .isEqualTo("increase");
  }

  @ParameterizedTest
  @CsvSource({
    "confirm-rollout, 200, 200, 200, 403",
    "pre-rollout, 200, 200, 200, 403",
    "rollout, 200, 200, 200, 403",
    "confirm-traffic-increase, 200, 403, 403, 403",
    "confirm-promotion, 200, 403, 403, 403",
    "post-rollout, 200, 200, 200, 200",
    "rollback, 403, 403, 403, 200"
  })
  void flagger_hooks_succeed_by_verdict(
      String hook, int advance, int hold, int review, int rollback) {
    startOpen();
    String payload =
        """
        {"name": "podinfo", "namespace": "test", "phase": "Progressing",
         "checksum": "85d557f47b", "metadata": {"stage": "canary"}}\
        """;
    String path = "/flagger/checkout-v2/" + hook;
    assertThat(post("/flagger/none/" + hook, payload).statusCode()).isEqualTo(404);
    Map<Verdict, Integer> expected =
        Map.of(
            Verdict.ADVANCE, advance,
            Verdict.HOLD, hold,
            Verdict.REVIEW, review,
            Verdict.ROLLBACK, rollback);
    canary(Verdict.HOLD);
    for (Verdict verdict : Verdict.values()) {
      topic.verdict(verdict, "canary", 1, T1);
      HttpResponse<String> response = post(path, payload);
      assertThat(response.statusCode()).as(verdict.name()).isEqualTo(expected.get(verdict));
      assertThat(response.body())
          .startsWith(verdict + " at stage canary: ")
          .contains("[checksum 85d557f47b]");
    }
    topic.event(Kind.ROLLED_BACK, "", T1);
    boolean mayBeginAgain = hook.equals("confirm-rollout") || hook.equals("pre-rollout");
    int ended = mayBeginAgain || rollback == 200 ? 200 : 403;
    assertThat(post(path, payload).statusCode()).isEqualTo(ended);
    assertThat(audit).isEmpty();
  }

  private static String flaggerEvent(String message) {
    return """
    {"name": "podinfo", "namespace": "test", "phase": "Progressing", "checksum": "85d557f47b",
     "metadata": {"eventMessage": "%s", "eventType": "Normal", "timestamp": "1578607635167"}}\
    """
        .formatted(message);
  }

  @Test
  void flagger_events_enter_stages_and_end_the_rollout_once() {
    startOpen();
    String path = "/flagger/checkout-v2/event";
    assertThat(post(path, flaggerEvent("New revision detected!")).body())
        .contains("nothing to record");
    for (int twice = 0; twice < 2; twice++) {
      HttpResponse<String> entered =
          post(path, flaggerEvent("Advance podinfo.test canary weight 1"));
      assertThat(entered.statusCode()).as(entered.body()).isEqualTo(200);
    }
    assertThat(post(path, flaggerEvent("Advance podinfo.test canary weight 5")).body())
        .contains("nothing to record");
    post(path, flaggerEvent("Advance podinfo.test canary weight 10"));
    RolloutState state = topic.board.state(ROLLOUT);
    assertThat(state.epoch().stage().name()).isEqualTo("early");
    assertThat(state.attempt().epochs()).hasSize(2);
    post(path, flaggerEvent("Canary failed! Scaling down podinfo.test"));
    assertThat(topic.board.state(ROLLOUT).phase()).isEqualTo(RolloutState.Phase.ROLLED_BACK);
    assertThat(audit)
        .hasSize(4)
        .allSatisfy(line -> assertThat(line).contains("rollout=checkout-v2"));
  }

  @Test
  void flagger_event_that_comes_after_the_rollback_begins_no_attempt_at_a_middle_stage() {
    startOpen();
    topic.event(Kind.STAGE_ENTERED, "canary", START_MS).event(Kind.ROLLED_BACK, "", T1);
    String path = "/flagger/checkout-v2/event";
    HttpResponse<String> late = post(path, flaggerEvent("Advance podinfo.test canary weight 10"));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("canary, where a new attempt begins");
    assertThat(topic.board.state(ROLLOUT).phase()).isEqualTo(RolloutState.Phase.ROLLED_BACK);
    assertThat(audit).singleElement().asString().contains("canary, where a new attempt begins");
    HttpResponse<String> first = post(path, flaggerEvent("Advance podinfo.test canary weight 1"));
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(topic.board.state(ROLLOUT).attempt().number()).isEqualTo(2);
  }

  @Test
  void events_are_written_with_what_was_left_out_filled_in() {
    startOpen();
    String body =
        """
        {"kind": "STAGE_ENTERED", "stage": "canary", "actor": "ana", "event_id": "enter-1",
         "environment": {"deployment_version": "v7", "flags": {"checkout-v2": "on"}}}\
        """;
    HttpResponse<String> entered = post("/api/rollouts/checkout-v2/events", body);
    assertThat(entered.statusCode()).as(entered.body()).isEqualTo(201);
    RolloutState state = topic.board.state(ROLLOUT);
    RolloutEvent event = state.attempt().remarks().get(1).control().event();
    assertThat(event.eventTimeMs()).isEqualTo(T1);
    assertThat(event.actor()).isEqualTo("ana");
    assertThat(event.environment().deploymentVersion()).isEqualTo("v7");
    assertThat(audit)
        .singleElement()
        .asString()
        .contains("caller=local", "STAGE_ENTERED canary", "written event_id=enter-1 actor=ana");
    assertThat(post("/api/rollouts/checkout-v2/events", body).statusCode()).isEqualTo(200);
    assertThat(topic.board.state(ROLLOUT).attempt().epochs()).hasSize(1);
  }

  @Test
  void event_that_does_not_fit_changes_nothing_and_names_every_problem() {
    startOpen();
    String path = "/api/rollouts/checkout-v2/events";
    HttpResponse<String> typo = post(path, "{\"kind\": \"PAUSE\", \"stag\": \"canary\"}");
    assertThat(typo.statusCode()).isEqualTo(400);
    assertThat(json(typo).at("/error/problems").findValuesAsText("expected"))
        .anySatisfy(text -> assertThat(text).endsWith("did you mean stage?"))
        .anySatisfy(text -> assertThat(text).endsWith("did you mean PAUSED?"));
    assertThat(post(path, "{\"kind\": \"PAUSED\"}").statusCode()).isEqualTo(409);
    assertThat(post(path, "{\"kind\": \"TICK\"}").statusCode()).isEqualTo(400);
    assertThat(post(path, "{\"kind\": \"DEFINED\", \"spec\": {}}").statusCode()).isEqualTo(400);
    assertThat(post(path, "[1]").statusCode()).isEqualTo(400);
    assertThat(post(path, "{\"kind\": \"NOTE\"} {}").statusCode()).isEqualTo(400);
    String unknownStage = "{\"kind\": \"STAGE_ENTERED\", \"stage\": \"canari\"}";
    assertThat(post(path, unknownStage).body()).contains("did you mean canary?");
    assertThat(post("/api/rollouts/none/events", "{\"kind\": \"NOTE\"}").statusCode())
        .isEqualTo(404);
    topic.event(Kind.STAGE_ENTERED, "early", START_MS);
    String down = "{\"kind\": \"STAGE_ENTERED\", \"stage\": \"canary\"}";
    assertThat(post(path, down).body()).contains("going down is a rollback and a new attempt");
    String future = "{\"kind\": \"NOTE\", \"event_time\": \"2027-01-01T00:00:00Z\"}";
    assertThat(post(path, future).body()).contains("not in the future");
    String signOff =
        """
        {"kind": "DECISION", "decision": {"action": "approve", "sign_off": "privcy"}}\
        """;
    assertThat(post(path, signOff).body()).contains("did you mean privacy?");
    assertThat(topic.board.state(ROLLOUT).attempt().remarks()).hasSize(2);
    assertThat(audit).noneMatch(line -> line.contains("written"));
    assertThat(audit).hasSizeGreaterThanOrEqualTo(9);
  }

  @Test
  void approval_and_note_reach_the_log() {
    startOpen();
    canary(Verdict.REVIEW);
    String path = "/api/rollouts/checkout-v2/events";
    String approve =
        """
        {"kind": "DECISION", "actor": "ben", "note": "seen",
         "decision": {"action": "approve", "codes": ["SRM"]}}\
        """;
    assertThat(post(path, approve).statusCode()).isEqualTo(201);
    String note = "{\"kind\": \"NOTE\", \"note\": \"<script>alert(1)</script>\"}";
    assertThat(post(path, note).statusCode()).isEqualTo(201);
    JsonNode log = json(get("/api/rollouts/checkout-v2")).path("log");
    assertThat(log.at("/2/decision/codes/0").asText()).isEqualTo("SRM");
    assertThat(log.at("/2/actor").asText()).isEqualTo("ben");
    assertThat(log.at("/3/note").asText()).isEqualTo("<script>alert(1)</script>");
  }

  @Test
  void token_decides_what_a_caller_may_do() {
    startGuarded();
    canary(Verdict.ADVANCE);
    String events = "/api/rollouts/checkout-v2/events";
    String pause = "{\"kind\": \"PAUSED\", \"actor\": \"ana\"}";
    assertThat(get("/argo/checkout-v2").statusCode()).isEqualTo(401);
    assertThat(get("/metrics").statusCode()).isEqualTo(401);
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(send(to("/argo/checkout-v2?token=" + READ)).statusCode()).isEqualTo(401);
    for (String header : List.of("Bearer " + READ, basic(READ), "Bearer " + DECIDE)) {
      assertThat(send(to("/argo/checkout-v2").header("Authorization", header)).statusCode())
          .isEqualTo(200);
    }
    assertThat(post(events, pause).statusCode()).isEqualTo(401);
    HttpResponse<String> reader =
        send(posting(events, pause).header("Authorization", "Bearer " + READ));
    assertThat(reader.statusCode()).isEqualTo(403);
    assertThat(topic.board.state(ROLLOUT).attempt().pausedBefore(Long.MAX_VALUE)).isFalse();
    HttpResponse<String> decider =
        send(posting(events, pause).header("Authorization", "Bearer " + DECIDE));
    assertThat(decider.statusCode()).isEqualTo(201);
    assertThat(json(decider).path("actor").asText()).isEqualTo("ana via DECIDER");
    assertThat(audit)
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).contains("caller=-", "refused with 401"),
            line -> assertThat(line).contains("caller=READER", "refused with 403"),
            line -> assertThat(line).contains("caller=DECIDER", "PAUSED", "written"))
        .noneMatch(line -> line.contains(READ) || line.contains(DECIDE));
  }

  private static String basic(String token) {
    byte[] pair = ("any:" + token).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private void startBehind(String proxy) {
    List<String> nobody = List.of();
    Access access = Access.tokens(List.of("READER"), nobody, Map.of("READER", READ));
    start(
        access.behind(
            ProxyUsers.of(
                List.of(proxy),
                List.of("127.0.0.1"),
                ProxyUsers.USER_HEADER,
                ProxyUsers.GROUPS_HEADER,
                List.of("staff"),
                List.of("release", "oncall"))),
        1_000);
  }

  private HttpRequest.Builder pausing(String user, String groups) {
    String pause = "{\"kind\": \"PAUSED\"}";
    return posting("/api/rollouts/checkout-v2/events", pause)
        .header("X-Forwarded-User", user)
        .header("X-Forwarded-Groups", groups);
  }

  @Test
  void person_whom_a_trusted_proxy_signed_in_has_the_rights_of_their_groups() {
    startBehind("127.0.0.1");
    canary(Verdict.ADVANCE);
    assertThat(get("/argo/checkout-v2").statusCode()).isEqualTo(401);
    HttpRequest.Builder stranger = to("/argo/checkout-v2").header("X-Forwarded-User", "eve");
    assertThat(send(stranger).statusCode()).isEqualTo(403);
    HttpRequest.Builder reader =
        to("/argo/checkout-v2")
            .header("X-Forwarded-User", "bob")
            .header("X-Forwarded-Groups", "staff, other");
    assertThat(send(reader).statusCode()).isEqualTo(200);
    HttpRequest.Builder token = to("/argo/checkout-v2").header("Authorization", "Bearer " + READ);
    assertThat(send(token).statusCode()).isEqualTo(200);
    String own = "X-Tidegate-Board";
    assertThat(send(pausing("bob", "staff").header(own, "1")).statusCode()).isEqualTo(403);
    assertThat(topic.board.state(ROLLOUT).attempt().pausedBefore(Long.MAX_VALUE)).isFalse();
    HttpResponse<String> decided = send(pausing("ana", "staff,oncall").header(own, "1"));
    assertThat(decided.statusCode()).as(decided.body()).isEqualTo(201);
    assertThat(json(decided).path("actor").asText()).isEqualTo("ana");
    assertThat(audit)
        .satisfiesExactly(
            line -> assertThat(line).contains("caller=bob", "refused with 403"),
            line -> assertThat(line).contains("caller=ana", "PAUSED", "written"));
  }

  @Test
  void person_who_signed_in_is_the_actor_whatever_their_name_and_the_body_say() {
    startBehind("127.0.0.1");
    canary(Verdict.ADVANCE);
    String note = "{\"kind\": \"NOTE\", \"note\": \"x\", \"actor\": \"ben\"}";
    for (String name : List.of("local", "ana")) {
      HttpResponse<String> written =
          send(
              posting("/api/rollouts/checkout-v2/events", note)
                  .header("X-Forwarded-User", name)
                  .header("X-Forwarded-Groups", "oncall")
                  .header("X-Tidegate-Board", "1"));
      assertThat(json(written).path("actor").asText()).isEqualTo(name);
    }
  }

  @Test
  void write_by_who_signed_in_is_refused_where_the_boards_own_header_is_missing() {
    startBehind("127.0.0.1");
    canary(Verdict.ADVANCE);
    HttpResponse<String> forged = send(pausing("ana", "oncall"));
    assertThat(forged.statusCode()).isEqualTo(403);
    assertThat(json(forged).at("/error/code").asText()).isEqualTo("NO_OWN_PAGE");
    assertThat(topic.board.state(ROLLOUT).attempt().pausedBefore(Long.MAX_VALUE)).isFalse();
    assertThat(audit).singleElement().asString().contains("caller=ana", "refused with 403");
  }

  @Test
  void headers_of_a_proxy_are_refused_from_anywhere_else_and_twice() {
    startBehind("192.0.2.1");
    assertThat(json(send(pausing("ana", "oncall"))).at("/error/code").asText())
        .isEqualTo("FOREIGN_HEADER");
    assertThat(audit).singleElement().asString().contains("caller=-", "refused with 403");
    server.close();
    startBehind("127.0.0.1");
    HttpRequest.Builder twice =
        to("/argo/x").header("X-Forwarded-User", "eve").header("X-Forwarded-User", "ana");
    assertThat(json(send(twice)).at("/error/code").asText()).isEqualTo("FOREIGN_HEADER");
    HttpRequest.Builder otherName =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + server.address().getPort() + "/argo/x"))
            .header("X-Forwarded-User", "ana");
    assertThat(json(send(otherName)).at("/error/code").asText()).isEqualTo("FOREIGN_HEADER");
  }

  @Test
  void proxies_must_be_addresses_and_headers_names() {
    startOpen();
    assertThatThrownBy(
            () ->
                ProxyUsers.of(
                    List.of("proxy.example.org"), List.of(), "X User", "G", List.of(), List.of()))
        .isInstanceOfSatisfying(
            UserError.class,
            e ->
                assertThat(e.problems())
                    .extracting(Problem::file)
                    .containsExactly("--trust-proxy", "--public-host", "--user-header"));
  }

  @Test
  void persons_behind_a_proxy_are_counted_apart() {
    List<String> none = List.of();
    start(
        Access.open()
            .behind(
                ProxyUsers.of(
                    List.of("127.0.0.1"), List.of("127.0.0.1"), "X-User", "X-Groups", none, none)),
        1);
    List<Integer> codes = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 15; i++) {
      codes.add(send(to("/argo/x").header("X-User", "ana")).statusCode());
    }
    assertThat(codes).startsWith(200, 200).contains(429);
    assertThat(send(to("/argo/x").header("X-User", "ben")).statusCode()).isEqualTo(200);
  }

  @Test
  void wrong_tokens_are_slowed_down() {
    start(Access.tokens(List.of("READER"), List.of(), Map.of("READER", READ)), 10);
    List<Integer> codes = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 6; i++) {
      codes.add(send(to("/argo/x").header("Authorization", "Bearer wrong-" + i)).statusCode());
    }
    assertThat(codes).startsWith(401, 401, 401).endsWith(429);
  }

  @Test
  void wrong_token_that_costs_more_than_is_left_is_paid_off_before_another_is_compared() {
    start(Access.tokens(List.of("READER"), List.of(), Map.of("READER", READ)), 1);
    assertThat(send(to("/argo/x").header("Authorization", "Bearer wrong")).statusCode())
        .isEqualTo(401);
    assertThat(send(to("/argo/x").header("Authorization", "Bearer " + READ)).statusCode())
        .isEqualTo(429);
  }

  @Test
  void requests_beyond_the_rate_are_refused_with_429() {
    start(Access.open(), 1);
    List<Integer> codes = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 15; i++) {
      codes.add(get("/argo/checkout-v2").statusCode());
    }
    assertThat(codes).startsWith(200, 200, 200).contains(429);
  }

  @Test
  void replies_carry_headers_that_keep_browsers_out() {
    startOpen();
    for (String path : List.of("/api/rollouts", "/nowhere")) {
      HttpResponse<String> response = get(path);
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(response.headers().firstValue("Content-Security-Policy"))
          .hasValue("default-src 'none'; frame-ancestors 'none'");
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(response.headers().firstValue("Server")).isEmpty();
    }
    HttpResponse<String> page =
        send(posting("/api/rollouts/checkout-v2/events", "{}").header("Origin", "http://evil.com"));
    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(audit).singleElement().asString().contains("refused with 403");
    HttpRequest.Builder form =
        to("/api/rollouts/checkout-v2/events")
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{\"kind\": \"NOTE\"}"));
    assertThat(send(form).statusCode()).isEqualTo(415);
    assertThat(send(to("/argo/x").DELETE()).statusCode()).isEqualTo(405);
  }

  @Test
  void foreign_host_name_on_loopback_is_refused() throws IOException {
    startOpen();
    URI address = server.address();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String request = "GET /api/rollouts HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(reply).startsWith("HTTP/1.1 403").contains("FOREIGN_HOST");
    }
  }

  @Test
  void body_over_the_limit_is_refused_with_413() {
    startOpen();
    String large = "{\"kind\": \"NOTE\", \"note\": \"" + "x".repeat(70_000) + "\"}";
    assertThat(post("/api/rollouts/checkout-v2/events", large).statusCode()).isEqualTo(413);
    HttpRequest.Builder chunked =
        to("/api/rollouts/checkout-v2/events")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofString(large)));
    assertThat(send(chunked).statusCode()).isEqualTo(413);
  }

  @Test
  void prometheus_reads_verdict_age_and_lag() {
    startOpen();
    canary(Verdict.REVIEW);
    String text = get("/metrics").body();
    assertThat(text.lines())
        .contains(
            "tidegate_rollout_verdict{rollout=\"checkout-v2\",verdict=\"REVIEW\"} 1",
            "tidegate_rollout_verdict{rollout=\"checkout-v2\",verdict=\"ADVANCE\"} 0",
            "tidegate_rollout_pass{rollout=\"checkout-v2\"} 0",
            "tidegate_rollout_stale{rollout=\"checkout-v2\"} 0",
            "tidegate_rollout_boundary_age_seconds{rollout=\"checkout-v2\"} 0",
            "tidegate_rollout_stage_percent{rollout=\"checkout-v2\",stage=\"canary\"} 1",
            "tidegate_serve_lag_records{topic=\"gate-verdicts\"} 3",
            "# TYPE tidegate_serve_requests_total counter");
    assertThat(get("/metrics").body())
        .contains("tidegate_serve_requests_total{route=\"GET /metrics\",status=\"200\"} 1");
  }

  @Test
  void address_beyond_loopback_needs_a_token() {
    startOpen();
    Server.Feed feed =
        new Server.Feed(
            topic.board,
            new Ageing(true, Duration.ofMinutes(5)),
            () -> true,
            () -> true,
            Map::of,
            () -> 0,
            Topic.NO_TABLES,
            event -> {},
            audit::add);
    assertThatThrownBy(
            () ->
                Server.start(new Server.Listen("0.0.0.0", 0, 1), Access.open(), feed, Instant::now))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--token-env");
    int taken = server.address().getPort();
    assertThatThrownBy(
            () ->
                Server.start(
                    new Server.Listen("127.0.0.1", taken, 1), Access.open(), feed, Instant::now))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--port");
    assertThatThrownBy(
            () -> Access.tokens(List.of("A"), List.of("B"), Map.of("A", "short", "B", "")))
        .hasMessageContaining("--token-env: found A")
        .hasMessageContaining("--decide-token-env: found B")
        .hasMessageNotContaining("short");
  }

  @Test
  void page_runs_only_its_own_scripts_and_is_there_without_a_token() {
    startGuarded();
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self';", "style-src 'self';")
        .doesNotContain("unsafe", "*");
    assertThat(page.body())
        .doesNotContainPattern("<script(?![^>]* src=)|<style| style=| on[a-z]+=");
    String tag = page.headers().firstValue("ETag").orElseThrow();
    assertThat(send(to("/").header("If-None-Match", tag)).statusCode()).isEqualTo(304);
    for (String path : List.of("/live/stream", "/live/rollouts/checkout-v2")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(401);
    }
  }

  @Test
  void page_elsewhere_can_post_nothing_even_without_an_origin() {
    startOpen();
    canary(Verdict.REVIEW);
    HttpRequest.Builder forged =
        posting("/api/rollouts/checkout-v2/events", "{\"kind\": \"NOTE\"}")
            .header("Sec-Fetch-Site", "cross-site");
    assertThat(send(forged).statusCode()).isEqualTo(403);
    assertThat(audit).singleElement().asString().contains("refused with 403");
    assertThat(send(to("/").header("Sec-Fetch-Site", "cross-site")).statusCode()).isEqualTo(200);
  }

  @Test
  void no_path_names_a_segment_before_its_evidence_was_shown() {
    startOpen();
    canary(Verdict.ROLLBACK);
    JsonNode execution = json(post("/canary/checkout-v2", thresholds(95, 75)));
    String kayenta = "/canary/" + execution.path("canaryExecutionId").asText();
    List<String> bodies =
        List.of(
            get("/api/rollouts").body(),
            get("/api/rollouts/checkout-v2").body(),
            get("/argo/checkout-v2").body(),
            get(kayenta).body(),
            post("/flagger/checkout-v2/confirm-traffic-increase", "{\"name\": \"shop\"}").body());
    assertThat(bodies)
        .allSatisfy(body -> assertThat(body).contains("device=(small)").doesNotContain("mobile"));
  }

  @Test
  void live_page_has_the_reports_sections_and_names_no_small_segment() {
    startOpen();
    canary(Verdict.ROLLBACK);
    HttpResponse<String> page = get("/live/rollouts/checkout-v2");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(json(page).at("/page/sections").findValuesAsText("id"))
        .contains("restore", "timeline", "segments", "effect", "health", "decisions");
    assertThat(page.body()).contains("device=(small)").doesNotContain("device=mobile");
    assertThat(get("/live/rollouts/none").statusCode()).isEqualTo(404);
  }

  @Test
  void page_tells_of_incidents_and_of_what_had_arrived() throws Exception {
    startOpen();
    canary(Verdict.HOLD);
    topic.board.signal(SignalCodec.signal(Topic.signal(Verdict.HOLD, "canary", 1, T1)));
    Incident open =
        new Incident(
            "i-1",
            T1,
            T1,
            null,
            "",
            Incident.Kind.DIP,
            Incident.Severity.CRITICAL,
            "purchases are 40 % below what is usual",
            List.of("purchase"),
            Map.of(),
            false,
            "team-shop",
            null,
            60,
            100);
    topic.board.incident(IncidentCodec.encode(open));
    JsonNode page = json(get("/live/rollouts/checkout-v2")).path("page");
    assertThat(page.findValuesAsText("id"))
        .containsSubsequence("restore", "incidents", "traffic", "health");
    assertThat(page.toString()).contains("One incident was reported", open.sentence());
    assertThat(page.at("/checks/0/name").asText()).isEqualTo("Split of units");
  }

  @Test
  void past_is_read_from_the_tables_once_a_minute_and_says_where_it_cannot_be() {
    List<String> asked = new CopyOnWriteArrayList<>();
    archive =
        (id, attempt) -> {
          asked.add(id + attempt);
          return SampleRollout.rolledBack();
        };
    startOpen();
    assertThat(get("/live/rollouts/checkout-v2/past").statusCode()).isEqualTo(404);
    canary(Verdict.HOLD);
    JsonNode whole = json(get("/live/rollouts/checkout-v2/past"));
    assertThat(whole.path("attempts").asInt()).isEqualTo(1);
    assertThat(whole.findValuesAsText("id"))
        .contains("past-baseline", "past-effect", "past-timeline", "past-decisions");
    long end = whole.path("last_ms").asLong();
    JsonNode hour =
        json(get("/live/rollouts/checkout-v2/past?from=" + (end - 3_600_000) + "&to=" + end));
    assertThat(hour.toString().length()).isLessThan(whole.toString().length());
    assertThat(asked).containsExactly("checkout-v21");
    assertThat(get("/live/rollouts/checkout-v2/past?attempt=2").statusCode()).isEqualTo(400);
    assertThat(get("/live/rollouts/checkout-v2/past?from=x").statusCode()).isEqualTo(400);
    server.close();
    archive = Topic.NO_TABLES;
    startOpen();
    JsonNode none = json(get("/live/rollouts/checkout-v2/past"));
    assertThat(none.path("unreadable").asText()).contains("tables cannot be read");
    assertThat(none.has("sections")).isFalse();
  }

  @Test
  void slow_tables_keep_no_other_answer_waiting_and_are_read_once() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    archive =
        (id, attempt) -> {
          asked.incrementAndGet();
          passed(answered);
          return SampleRollout.rolledBack();
        };
    startOpen();
    canary(Verdict.HOLD);
    List<CompletableFuture<HttpResponse<String>>> pages = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      pages.add(
          client.sendAsync(
              to("/live/rollouts/checkout-v2/past").build(), HttpResponse.BodyHandlers.ofString()));
    }
    CompletableFuture.anyOf(pages.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    assertThat(get("/health").statusCode()).isEqualTo(200);
    answered.countDown();
    for (CompletableFuture<HttpResponse<String>> page : pages) {
      assertThat(page.get().statusCode()).isEqualTo(200);
    }
    assertThat(json(get("/live/rollouts/checkout-v2/past")).has("sections")).isTrue();
    assertThat(asked).hasValue(1);
  }

  @Test
  void tables_that_cannot_be_read_are_asked_once_a_minute() {
    AtomicInteger asked = new AtomicInteger();
    archive =
        (id, attempt) -> {
          asked.incrementAndGet();
          throw new IllegalStateException("down");
        };
    startOpen();
    canary(Verdict.HOLD);
    for (int i = 0; i < 3; i++) {
      assertThat(json(get("/live/rollouts/checkout-v2/past")).path("unreadable").asText())
          .isEqualTo("the tables cannot be read: the log says why");
    }
    assertThat(asked).hasValue(1);
  }

  private static void passed(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void page_is_not_live_while_signals_are_still_being_read() throws Exception {
    complete = false;
    startOpen();
    HttpRequest request = to("/live/stream").build();
    try (Stream<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      String hello = lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
      assertThat(JSON.readTree(hello.substring(5)).path("ready").asBoolean(true)).isFalse();
    }
  }

  @Test
  void form_offers_only_what_an_approval_moves() {
    canary(Verdict.HOLD);
    startOpen();
    assertThat(codes()).isEmpty();
    topic.verdict(Verdict.REVIEW, "canary", 1, T1);
    assertThat(codes()).containsExactly("SRM");
  }

  private List<String> codes() {
    return json(get("/live/rollouts/checkout-v2")).at("/decide/codes").findValuesAsText("code");
  }
}
