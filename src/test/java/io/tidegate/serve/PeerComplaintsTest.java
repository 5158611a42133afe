package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.gate.GateFixture;
import io.tidegate.analysis.gate.MannWhitneyJudge;
import io.tidegate.analysis.gate.SteadyTrial;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Seasonal;
import io.tidegate.model.Verdict;
import io.tidegate.stats.sequence.calibration.Draws;
import io.tidegate.stats.sums.UnitSums;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What users of other tools complain about (peers.md §2), each as it would meet them here: the real
 * gate judges, and where a tool asks, the real server answers it over HTTP.
 */
class PeerComplaintsTest {

  private static final long ONE = UnitSums.SCALE;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final GateFixture gate = new GateFixture();
  private @Nullable Server server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static List<String> codes(GateSignal signal) {
    return signal.reasons().stream().map(Reason::code).toList();
  }

  private static List<String> sentences(GateSignal signal, String code) {
    return signal.reasons().stream()
        .filter(r -> r.code().equals(code))
        .map(Reason::sentence)
        .toList();
  }

  /** Serves a signal of the fixture's rollout, as read from the topics. */
  private URI served(GateFixture of, GateSignal signal) {
    if (server != null) {
      server.close();
    }
    Board board =
        new Board(defined -> new Definition(of.spec, of.resolved, "hash-m"), DecodeLimits.DEFAULT);
    of.events.stream()
        .filter(e -> e.eventTimeMs() < signal.boundaryMs())
        .forEach(e -> board.rollout(RolloutEventCodec.encode(e), e.eventTimeMs()));
    RolloutEvent tick = RolloutEvent.tick("t", signal.boundaryMs());
    board.rollout(RolloutEventCodec.encode(tick), tick.eventTimeMs());
    board.verdict(
        "m".getBytes(StandardCharsets.UTF_8), SignalCodec.signal(signal), signal.boundaryMs());
    server =
        Server.start(
            new Server.Listen("127.0.0.1", 0, 1_000),
            Access.open(),
            new Server.Feed(
                board,
                new Ageing(false, Duration.ofMinutes(5)),
                () -> true,
                () -> true,
                Map::of,
                () -> 0,
                Topic.NO_TABLES,
                event -> {},
                line -> {}),
            () -> Instant.ofEpochMilli(signal.boundaryMs()));
    return server.address();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> post(URI uri, String body) {
    return send(
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException(body, e);
    }
  }

  private JsonNode argo(GateFixture of, GateSignal signal) {
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(served(of, signal).resolve("/argo/m")));
    assertThat(response.statusCode()).isEqualTo(200);
    return json(response.body()).path("data");
  }

  private HttpResponse<String> flagger(GateFixture of, GateSignal signal, String hook) {
    return post(
        served(of, signal).resolve("/flagger/m/" + hook),
        "{\"name\": \"shop\", \"namespace\": \"prod\", \"phase\": \"Progressing\","
            + " \"checksum\": \"c0ffee\", \"metadata\": {\"stage\": \"canary\"}}");
  }

  private JsonNode kayenta(GateFixture of, GateSignal signal) {
    URI uri = served(of, signal);
    HttpResponse<String> asked =
        post(
            uri.resolve("/canary/m"),
            "{\"scopes\": {\"default\": {}}, \"thresholds\": {\"pass\": 95, \"marginal\": 75}}");
    String id = json(asked.body()).path("canaryExecutionId").asText();
    return json(send(HttpRequest.newBuilder(uri.resolve("/canary/" + id))).body());
  }

  private GateSignal harmed() {
    return gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0).look(5);
  }

  @Nested
  class MannWhitneyPassesObviousRegressions {

    private final Draws draws = new Draws(7);

    private SteadyTrial trial() {
      Metric latency =
          new Metric(
              "latency",
              Role.GUARDRAIL,
              new MetricKind.Quantile(OutcomeFilter.of("request"), "ms", 0.95, null),
              Better.DOWN,
              null,
              Margin.ZERO,
              Margin.relative(0.1),
              Map.of(),
              "",
              "");
      Resolved.MetricBase base = new Resolved.MetricBase(0.05, 0.0095, 0.2, Map.of("all=*", 500.0));
      return new SteadyTrial(
          List.of(latency), 0, new Resolved(1, Map.of(), Map.of("latency", base), List.of()), 0.01);
    }

    /** Users after which the gate calls, of five requests each, of which a share is slow. */
    private int usersUntilRollback(double slow, double slowTreated) {
      SteadyTrial.Run run =
          trial()
              .start(
                  draws,
                  (d, users, segment, treated, channels) -> {
                    for (int u = 0; u < users; u++) {
                      int hits = d.binomial(5, treated ? slowTreated : slow);
                      channels[0].move(0, 0, hits * ONE, 5 * ONE);
                    }
                  });
      for (int look = 1; look <= 100; look++) {
        run.arrive(100, true);
        if (run.rolledBack()) {
          return 100 * look;
        }
      }
      return Integer.MAX_VALUE;
    }

    /** kayenta#780, spinnaker#6278: values a minute, of which one in twenty is a hundredfold. */
    @Test
    void sparse_hundredfold_spikes_are_harm() {
      double[] control = new double[100];
      for (int i = 0; i < control.length; i++) {
        control[i] = 100 + draws.normal();
      }
      double[] spiked = control.clone();
      for (int i = 0; i < spiked.length; i += 20) {
        spiked[i] *= 100;
      }
      assertThat(MannWhitneyJudge.fails(spiked, control, 1)).as("Mann–Whitney").isFalse();
      // The same share of requests is slow beyond any threshold.
      assertThat(usersUntilRollback(0.05, 0.05 + 0.95 * 0.05)).isLessThan(2_000);
    }

    /** kayenta#780: the same median, twice the spread. */
    @Test
    void more_variance_around_the_same_median_is_harm() {
      double[] control = new double[100];
      double[] wider = new double[100];
      for (int i = 0; i < control.length; i++) {
        double z = draws.normal();
        control[i] = 100 + 10 * z;
        wider[i] = 100 + 20 * draws.normal();
      }
      assertThat(MannWhitneyJudge.fails(wider, control, 1)).as("Mann–Whitney").isFalse();
      // P(Z > 1.645) = 5 % and P(2 Z > 1.645) = 20.5 %.
      assertThat(usersUntilRollback(0.05, 0.205)).isLessThan(1_000);
    }

    /** kayenta#633: +650 %, and the answer was to wait for 50 minutes of datapoints. */
    @Test
    void six_and_a_half_times_as_many_errors_are_harm_at_the_first_look() {
      gate.enter(0, 500, 100, 100, 0).enter(1, 500, 100, 750, 0);
      assertThat(gate.look(1).verdict()).isEqualTo(Verdict.ROLLBACK);
    }
  }

  @Nested
  class ZeroBaseline {

    /** kayenta#426, #799, #377, spinnaker#5622: an incident of 307 errors from none. */
    @Test
    void errors_from_a_zero_control_are_harm_and_no_tool_is_told_nan() {
      gate.enter(0, 30_000, 6_000, 0, 0).enter(1, 30_000, 6_000, 307, 0);
      GateSignal signal = gate.look(2);
      assertThat(signal.verdict()).isEqualTo(Verdict.ROLLBACK);
      assertThat(sentences(signal, "HARM_SHOWN").get(0))
          .startsWith("errors is worse than control by more than the 10 % that is tolerated (now ")
          .contains(" against 0")
          .doesNotContain("NaN", "Infinity");
      JsonNode data = argo(gate, signal);
      assertThat(data.path("verdict").asText()).isEqualTo("FAIL");
      assertThat(data.toString()).doesNotContain("NaN", "Infinity");
    }

    @Test
    void zero_on_both_sides_is_not_said_to_be_fine() {
      gate.enter(0, 5_000, 1_000, 0, 0).enter(1, 5_000, 1_000, 0, 0);
      GateSignal signal = gate.look(13);
      assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
      assertThat(sentences(signal, "CANNOT_SAY")).anyMatch(s -> s.startsWith("errors: "));
    }
  }

  @Nested
  class WhyDidItFail {

    private static final String WHY =
        "conversion is worse than control by more than the 10 % that is tolerated "
            + "(now 12.5 % against 20 %, -37.5 %)";

    /** kayenta#521, argo-rollouts#404, flagger#1304, #1815. */
    @Test
    void every_tool_is_told_what_was_seen_what_was_tolerated_and_what_to_do() {
      GateSignal signal = harmed();
      Reason reason = signal.reasons().get(0);
      assertThat(reason.sentence()).isEqualTo(WHY);
      assertThat(reason.observed()).startsWith("log e ");
      assertThat(reason.threshold()).startsWith("log e ");
      assertThat(argo(gate, signal).toString()).contains(WHY).contains("take the change back");
      assertThat(flagger(gate, signal, "confirm-traffic-increase").body())
          .contains(WHY)
          .contains("take the change back");
      JsonNode result = kayenta(gate, signal).at("/result/judgeResult");
      assertThat(result.at("/score/classificationReason").asText()).contains(WHY);
      assertThat(result.path("results").findValuesAsText("name")).contains("conversion");
    }
  }

  @Nested
  class NoTraffic {

    /** flagger#1035, #883, #1633: no traffic fails the release, or it waits for ever. */
    @Test
    void no_units_at_all_hold_and_are_reviewed_after_max_duration() {
      gate.canary(Duration.ofHours(24), false, false);
      GateSignal early = gate.look(13);
      assertThat(early.verdict()).isEqualTo(Verdict.HOLD);
      assertThat(sentences(early, "MIN_UNITS").get(0)).contains("0 of 100 units");
      GateSignal overdue = gate.look(26);
      assertThat(overdue.verdict()).isEqualTo(Verdict.REVIEW);
      assertThat(codes(overdue)).contains("MAX_DURATION");
      assertThat(overdue.respondByMs()).isNotNull();
    }

    /** flagger#1011: traffic stops and it advances all the same. */
    @Test
    void traffic_that_stops_in_the_middle_of_a_stage_is_reviewed_and_does_not_advance() {
      gate.resolved =
          new Resolved(
              7,
              Map.of(),
              Map.of(),
              List.of(),
              new Seasonal(
                  "UTC",
                  6,
                  Collections.nCopies(Seasonal.HOURS, 90.0),
                  Map.of(),
                  Map.of(),
                  Map.of()));
      gate.alike(20_000);
      for (long hour = 0; hour < 11; hour++) {
        gate.hour(hour).count(CellKey.USED, 0, 180);
        gate.look(hour + 1);
      }
      GateSignal stopped = gate.look(13);
      assertThat(stopped.verdict()).isEqualTo(Verdict.REVIEW);
      assertThat(sentences(stopped, "DATA_MISSING").get(0)).contains("brought 0 events");
      assertThat(flagger(gate, stopped, "confirm-traffic-increase").statusCode()).isEqualTo(403);
    }

    /** argo-rollouts#1905, hyperswitch-helm#308: one side of the comparison returns no data. */
    @Test
    void one_silent_variant_is_reviewed_and_never_passes() {
      gate.enter(0, 20_000, 4_000, 2_000, 0);
      GateSignal signal = gate.look(13);
      assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
      assertThat(codes(signal)).contains("SAMPLE_RATIO_MISMATCH", "MIN_UNITS", "CANNOT_SAY");
      assertThat(argo(gate, signal).path("verdict").asText()).isEqualTo("INCONCLUSIVE");
    }
  }

  @Nested
  class Inconclusive {

    /** argo-rollouts#3850: an inconclusive analysis was promoted to 100 %. */
    @Test
    void inconclusive_is_never_promoted_by_any_tool() {
      gate.alike(200);
      GateSignal signal = gate.look(13);
      assertThat(signal.verdict()).isEqualTo(Verdict.HOLD);
      JsonNode data = argo(gate, signal);
      assertThat(data.path("verdict").asText()).isEqualTo("INCONCLUSIVE");
      assertThat(data.path("ok").asBoolean()).isFalse();
      for (String hook : List.of("confirm-traffic-increase", "confirm-promotion", "rollback")) {
        assertThat(flagger(gate, signal, hook).statusCode()).as(hook).isEqualTo(403);
      }
      assertThat(kayenta(gate, signal).path("complete").asBoolean()).isFalse();
    }

    /** argo-rollouts#3015, #261: stuck after it, or back in the same pause. */
    @Test
    void a_person_s_approval_ends_a_review_and_it_is_not_entered_again() {
      gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 22_000, 4_400, 2_200, 0);
      assertThat(gate.look(13).verdict()).isEqualTo(Verdict.REVIEW);
      gate.decide("approve", 13, List.of("SAMPLE_RATIO_MISMATCH"), "");
      for (long hour = 14; hour < 20; hour++) {
        assertThat(gate.look(hour).verdict()).isEqualTo(Verdict.ADVANCE);
      }
    }
  }

  @Nested
  class AbortIsTooBlunt {

    /** argo-rollouts#2866: pause and let a person look. */
    @Test
    void a_loss_within_what_is_tolerated_asks_a_person_and_does_not_abort() {
      gate.enter(0, 40_000, 8_000, 4_000, 0).enter(1, 40_000, 7_400, 4_000, 0);
      GateSignal signal = gate.look(13);
      assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
      assertThat(codes(signal)).contains("WORSE_WITHIN_TOLERANCE").doesNotContain("HARM_SHOWN");
      assertThat(flagger(gate, signal, "rollback").statusCode()).isEqualTo(403);
    }

    /** argo-rollouts#303: an analysis that only informs. */
    @Test
    void a_metric_that_is_no_guardrail_informs_and_never_rolls_back() {
      gate.alike(20_000);
      GateSignal signal = gate.look(13);
      assertThat(signal.verdict()).isEqualTo(Verdict.ADVANCE);
      assertThat(gate.spec.metric("d1").rollbackMargin()).isNull();
      assertThat(gate.spec.metric("requests").rollbackMargin()).isNull();
    }
  }

  /** argo-rollouts#222: a trend is not seen until the run completes. */
  @Test
  void every_look_says_how_far_the_evidence_is() {
    for (long hour = 1; hour < 6; hour++) {
      gate.alike(100 * (int) hour);
      GateSignal signal = gate.look(hour);
      assertThat(signal.boundaryMs()).isEqualTo(Rollouts.START_MS + hour * Rollouts.HOUR_MS);
      assertThat(signal.evidence()).isNotEmpty();
      assertThat(sentences(signal, "NOT_PROVEN")).anyMatch(s -> s.contains("units per variant"));
    }
  }

  /** flagger#225, #739: a canary is judged against fixed numbers, not against what runs beside. */
  @Test
  void a_bad_day_for_both_variants_is_not_the_change_s_fault() {
    gate.enter(0, 20_000, 400, 40_000, 0).enter(1, 20_000, 400, 40_000, 0);
    GateSignal signal = gate.look(13);
    assertThat(signal.verdict()).isNotEqualTo(Verdict.ROLLBACK);
    assertThat(codes(signal)).doesNotContain("HARM_SHOWN", "WORSE_WITHIN_TOLERANCE");
  }

  /** orca#2836, PostHog#14991, sentry#107054: compare with last Monday, not with Friday. */
  @Test
  void a_quiet_hour_is_held_against_the_same_hour_of_the_week() {
    Double[] hours = new Double[Seasonal.HOURS];
    for (int hour = 0; hour < hours.length; hour++) {
      hours[hour] = hour % 24 < 6 ? 1.0 : 90.0;
    }
    gate.resolved =
        new Resolved(
            7,
            Map.of(),
            Map.of(),
            List.of(),
            new Seasonal("UTC", 6, List.of(hours), Map.of(), Map.of(), Map.of()));
    gate.alike(20_000);
    for (long hour = 0; hour < 30; hour++) {
      gate.hour(hour).count(CellKey.USED, 0, (int) (2 * hours[(int) hour]));
      assertThat(codes(gate.look(hour + 1))).as("hour %d", hour).doesNotContain("DATA_MISSING");
    }
  }

  /** argo-rollouts#1214, #2196, #3283, zimmertr#420: the evidence is gone with the run. */
  @Test
  void two_months_later_the_reason_and_the_rows_that_decided_are_still_there() {
    GateSignal then = harmed();
    GateSignal later = gate.look(5 + 60 * 24);
    assertThat(later.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(sentences(later, "HARM_SHOWN")).isEqualTo(sentences(then, "HARM_SHOWN"));
    assertThat(argo(gate, later).path("verdict").asText()).isEqualTo("FAIL");
    HttpResponse<String> one =
        send(HttpRequest.newBuilder(served(gate, then).resolve("/api/rollouts/m")));
    JsonNode row = json(one.body()).at("/signal/evidence/0");
    assertThat(row.path("metric").asText()).isEqualTo("conversion");
    assertThat(row.path("units_treatment").asLong()).isEqualTo(20_000);
    assertThat(row.path("e_value_log").asDouble()).isGreaterThan(10);
  }

  @Nested
  class SampleRatioAlarms {

    /** PostHog#43804, #59710: shares that are changed on purpose look like a mismatch. */
    @Test
    void a_ramp_must_not_look_like_a_mismatch() {
      GateFixture ramped = new GateFixture(Assignment.RAMPED);
      ramped.enter(0, 90_000, 18_000, 9_000, 0).enter(1, 10_000, 2_000, 1_000, 0);
      assertThat(codes(ramped.look(13))).doesNotContain("SAMPLE_RATIO_MISMATCH");
      ramped.stage(1, 24).enter(0, 75_000, 15_000, 7_500, 0).enter(1, 25_000, 5_000, 2_500, 0);
      assertThat(codes(ramped.look(40))).doesNotContain("SAMPLE_RATIO_MISMATCH");
      ramped.stage(2, 48).enter(0, 50_000, 10_000, 5_000, 0).enter(1, 50_000, 10_000, 5_000, 0);
      assertThat(codes(ramped.look(60))).doesNotContain("SAMPLE_RATIO_MISMATCH");
    }

    /** PostHog PR#60006: units that are held out look like a mismatch. */
    @Test
    void a_holdout_must_not_look_like_a_mismatch() {
      GateFixture held = new GateFixture(Assignment.RAMPED).holdout(5);
      held.stage(3, 24).enter(0, 5_000, 1_000, 500, 0).enter(1, 95_000, 19_000, 9_500, 0);
      assertThat(codes(held.look(40))).doesNotContain("SAMPLE_RATIO_MISMATCH");
      held.enter(1, 10_000, 2_000, 1_000, 0);
      assertThat(codes(held.look(41))).contains("SAMPLE_RATIO_MISMATCH");
    }

    /** PostHog#92754: one cannot see which source's exposures are wrong. */
    @Test
    void a_mismatch_names_the_segment_that_causes_it() {
      gate.enter(0, 10_000, 2_000, 1_000, 0).enter(0, 10_000, 2_000, 1_000, 1);
      gate.enter(1, 8_000, 1_600, 800, 0).enter(1, 10_000, 2_000, 1_000, 1);
      assertThat(sentences(gate.look(13), "SAMPLE_RATIO_MISMATCH"))
          .anyMatch(s -> s.startsWith("in device=mobile the split of units, 10000 : 8000,"));
    }
  }

  /** growthbook#661, #4730, PR#4761: every refresh scans three weeks of data again. */
  @Test
  void a_look_reads_sums_whose_size_does_not_grow_with_the_data() throws IOException {
    gate.alike(1_000).look(5);
    int few = size(gate);
    gate.alike(50_000).look(6);
    assertThat(size(gate)).isLessThan((int) (1.2 * few));
  }

  private static int size(GateFixture of) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    of.state.writeTo(new DataOutputStream(bytes));
    return bytes.size();
  }

  /** growthbook#5483: secondary metrics revert to an older snapshot when it is stopped. */
  @Test
  void every_figure_of_a_signal_is_of_the_same_boundary() {
    gate.alike(5_000).look(3);
    gate.event(RolloutEvent.Kind.PAUSED, "", 4).alike(5_000);
    GateSignal paused = gate.look(5);
    assertThat(paused.evidence())
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.boundaryMs()).isEqualTo(paused.boundaryMs()))
        .allSatisfy(row -> assertThat(row.unitsTreatment()).isEqualTo(10_000));
  }

  @Nested
  class SegmentsAndRollback {

    /** growthbook#5454: custom slices raise the risk of false alarms. */
    @Test
    void more_segments_ask_for_more_evidence_and_share_one_budget() {
      gate.enter(0, 10_000, 2_000, 0, 0).enter(0, 30_000, 6_000, 0, 1);
      gate.enter(1, 10_000, 1_200, 0, 0).enter(1, 30_000, 6_800, 0, 1);
      GateSignal signal = gate.look(5);
      assertThat(signal.evidence())
          .filteredOn(row -> row.purpose() == Purpose.HARM)
          .extracting(Estimate::dimension)
          .containsOnly("device");
      // Half of 1 % over three guardrails and eight segments.
      assertThat(signal.evidence().get(0).alpha()).isEqualTo(0.005 / (3 * 8));
    }

    /** PostHog#22883, #76092: nothing rolls back by itself, nothing is a guardrail. */
    @Test
    void harm_of_a_guardrail_tells_every_tool_to_roll_back() {
      GateSignal signal = harmed();
      assertThat(argo(gate, signal).path("verdict").asText()).isEqualTo("FAIL");
      assertThat(flagger(gate, signal, "rollback").statusCode()).isEqualTo(200);
      assertThat(kayenta(gate, signal).at("/result/judgeResult/score/score").asDouble()).isZero();
    }

    /** growthbook PR#4048: the analysis must run right before the share is changed. */
    @Test
    void a_stage_is_judged_at_the_instant_it_ends() {
      gate.stage(1, 24);
      long leftMs = Rollouts.START_MS + 24 * Rollouts.HOUR_MS;
      assertThat(gate.timeline().nextBoundary(leftMs - 1)).isEqualTo(leftMs);
      assertThat(gate.alike(1_000).look(24).stage()).isEqualTo("canary");
    }

    /** argo-rollouts#4352: the share in force beside the metrics. */
    @Test
    void the_share_in_force_is_a_metric() {
      GateSignal signal = gate.alike(1_000).look(5);
      HttpResponse<String> metrics =
          send(HttpRequest.newBuilder(served(gate, signal).resolve("/metrics")));
      assertThat(metrics.body().lines())
          .contains("tidegate_rollout_stage_percent{rollout=\"m\",stage=\"canary\"} 10");
    }
  }
}
