package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.ArrivalTally;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How records arrive, from the tally of a stream to the verdict. */
class ArrivalsTest {

  private static final long FROM_MS = Rollouts.START_MS + 12 * Rollouts.HOUR_MS;
  private static final Map<String, String> APP = Map.of("producer", "app");

  private final GateFixture gate = new GateFixture().alike(20_000);
  private final ArrivalTally outcomes = new ArrivalTally(false);

  /** A record a second, so long after (negative: before) its event. */
  private void arrive(String name, Map<String, String> attributes, int records, long lagMs) {
    for (int i = 0; i < records; i++) {
      long recordMs = FROM_MS + i * 1_000L;
      outcomes.event(name, recordMs - lagMs, recordMs, attributes);
    }
  }

  private void tell() {
    outcomes.take().forEach(gate::arrived);
  }

  private static List<Reason> of(GateSignal signal, String code) {
    return signal.reasons().stream().filter(r -> r.code().equals(code)).toList();
  }

  @Test
  void a_slow_clock_is_told_with_its_producer_and_by_how_much() {
    arrive("purchase", APP, 400, 310_000);
    arrive("session_start", Map.of(), 400, 900);
    tell();
    GateSignal signal = gate.look(13);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(of(signal, Arrivals.CLOCK_SKEW))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.sentence())
                  .isEqualTo(
                      "no event of outcome purchase of app was written sooner than 310 s after the"
                          + " time it carries, those of others after 0.9 s: a clock is slow, or"
                          + " events are held back");
              assertThat(r.observed()).isEqualTo("309100 ms");
              assertThat(r.threshold()).isEqualTo("60000 ms");
            });
    assertThat(signal.arrivals().clockSkewMs()).isEqualTo(-309_100);
  }

  @Test
  void a_fast_clock_dates_events_after_they_were_written() {
    arrive("purchase", APP, 400, -95_000);
    arrive("purchase", Map.of("source", "web"), 400, 50);
    tell();
    GateSignal signal = gate.look(13);
    assertThat(of(signal, Arrivals.CLOCK_SKEW))
        .singleElement()
        .satisfies(
            r ->
                assertThat(r.sentence())
                    .startsWith(
                        "400 of 400 events of outcome purchase of app carry times up to 95 s"));
    assertThat(signal.arrivals().clockSkewMs()).isEqualTo(95_000);
  }

  @Test
  void a_skew_is_over_two_hours_after_the_clock_was_set_and_may_be_approved() {
    arrive("purchase", APP, 400, -95_000);
    tell();
    assertThat(gate.look(13).verdict()).isEqualTo(Verdict.REVIEW);
    gate.decide("approve", 13, List.of(Arrivals.CLOCK_SKEW), "");
    assertThat(gate.look(14).verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(of(gate.look(15), Arrivals.CLOCK_SKEW)).isEmpty();
  }

  @Test
  void everyone_alike_late_or_few_events_are_no_skew() {
    arrive("purchase", APP, 400, 310_000);
    arrive("session_start", Map.of(), 400, 300_000);
    arrive("error", APP, 99, -95_000);
    arrive("request", APP, 400, 59_000);
    outcomes.event("request", FROM_MS + 90_000, FROM_MS, APP);
    tell();
    List<Reason> skews = of(gate.look(13), Arrivals.CLOCK_SKEW);
    // Against requests, which come soon, both are late; one of 401 events ahead is none.
    assertThat(skews)
        .extracting(Reason::sentence)
        .allMatch(s -> s.startsWith("no event of outcome "))
        .hasSize(2);
  }

  @Test
  void dead_letters_are_reviewed_above_their_limit_of_the_last_day() {
    arrive("purchase", APP, 2_000, 100);
    for (int i = 0; i < 20; i++) {
      outcomes.dead(FROM_MS);
    }
    tell();
    GateSignal few = gate.look(13);
    assertThat(few.verdict()).isEqualTo(Verdict.ADVANCE);
    assertThat(few.arrivals().dead()).isEqualTo(20);
    outcomes.dead(FROM_MS + Rollouts.HOUR_MS);
    tell();
    GateSignal more = gate.look(14);
    assertThat(more.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(of(more, Arrivals.DEAD_SHARE))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.sentence()).startsWith("21 of the 2021 records of the last day");
              assertThat(r.observed()).isEqualTo("1.04 %");
              assertThat(r.threshold()).isEqualTo("1.00 %");
            });
    assertThat(gate.look(40).arrivals().dead()).isZero();
  }

  @Test
  void the_hash_and_the_data_s_own_questions_are_the_same_however_records_arrived() {
    GateFixture replayed = new GateFixture().alike(20_000);
    arrive("purchase", APP, 2_000, -95_000);
    for (int i = 0; i < 50; i++) {
      outcomes.dead(FROM_MS);
    }
    tell();
    for (long hour = 13; hour < 17; hour++) {
      if (hour == 15) {
        gate.hour(14).enter(1, 4_000, 800, 400, 0);
        replayed.hour(14).enter(1, 4_000, 800, 400, 0);
      }
      GateSignal live = gate.look(hour);
      GateSignal again = replayed.look(hour);
      assertThat(live.dataHash()).as("hour %d", hour).isEqualTo(again.dataHash());
      assertThat(live.verdict()).isEqualTo(Verdict.REVIEW);
      assertThat(again.verdict()).isEqualTo(hour < 15 ? Verdict.ADVANCE : Verdict.REVIEW);
      assertThat(GateFixture.codes(live)).contains(Arrivals.DEAD_SHARE);
      if (hour == 14 || hour == 16) {
        assertThat(GateFixture.codes(live)).contains(Escalation.CODE);
      }
    }
  }

  @Test
  void a_revision_keeps_what_the_signal_that_it_corrects_told_of_arrivals() {
    for (int i = 0; i < 2_000; i++) {
      outcomes.dead(FROM_MS);
    }
    tell();
    GateSignal sent = gate.look(13);
    assertThat(sent.verdict()).isEqualTo(Verdict.REVIEW);
    GateFixture replayed = new GateFixture().alike(21_000);
    Evaluation recomputed =
        Objects.requireNonNull(
            Gate.evaluate(replayed.state, replayed.timeline(), sent.boundaryMs()));
    assertThat(recomputed.signal().verdict()).isEqualTo(Verdict.ADVANCE);
    GateSignal revised = Revision.of(recomputed, sent, replayed.timeline()).signal();
    assertThat(revised.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(revised.nextPercent()).isNull();
    assertThat(revised.respondByMs()).isEqualTo(sent.respondByMs());
    assertThat(of(revised, Arrivals.DEAD_SHARE)).isEqualTo(of(sent, Arrivals.DEAD_SHARE));
    assertThat(revised.dataHash()).isEqualTo(recomputed.signal().dataHash());
    replayed.decide("approve", 12, List.of(Arrivals.DEAD_SHARE), "");
    assertThat(Revision.verdict(recomputed.signal(), sent, replayed.timeline()))
        .isEqualTo(Verdict.ADVANCE);
  }

  @Test
  void dead_letters_are_held_against_all_records_not_those_that_a_rollout_reads() {
    arrive("nobody reads it", Map.of(), 3_000, 100);
    for (int i = 0; i < 20; i++) {
      outcomes.dead(FROM_MS);
    }
    outcomes.take().stream().filter(f -> !f.name().startsWith("nobody")).forEach(gate::arrived);
    GateSignal signal = gate.look(13);
    assertThat(signal.arrivals().dead()).isEqualTo(20);
    assertThat(of(signal, Arrivals.DEAD_SHARE)).isEmpty();
  }

  @Test
  void sources_beyond_the_most_of_an_hour_count_as_one_of_their_name() throws IOException {
    for (int minute = 0; minute < 20; minute++) {
      for (int i = 0; i < 50; i++) {
        long ms = FROM_MS + minute * 60_000L;
        outcomes.event("purchase", ms, ms, Map.of("producer", "p" + minute + "/" + i));
      }
    }
    tell();
    gate.look(13);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    gate.state.arrivals.writeTo(new DataOutputStream(bytes));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(in.readInt()).as("not over").isZero();
    assertThat(in.readInt()).as("hours").isEqualTo(1);
    in.readLong();
    assertThat(in.readInt()).as("sources").isEqualTo(Arrivals.MOST_SOURCES + 2);
  }

  @Test
  void minutes_that_are_not_over_wait_and_the_state_keeps_them() throws IOException {
    outcomes.dead(FROM_MS + Rollouts.HOUR_MS - 1);
    outcomes.dead(FROM_MS + Rollouts.HOUR_MS);
    tell();
    gate.look(12);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    gate.state.arrivals.writeTo(new DataOutputStream(bytes));
    Arrivals kept =
        Arrivals.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(kept.dead()).isZero();
    kept.moveTo(FROM_MS + Rollouts.HOUR_MS);
    assertThat(kept.dead()).isEqualTo(1);
    kept.moveTo(FROM_MS + 2 * Rollouts.HOUR_MS);
    assertThat(kept.dead()).isEqualTo(2);
  }

  @Test
  void producers_beyond_the_most_count_as_one() {
    for (int i = 0; i < 300; i++) {
      outcomes.event("purchase", FROM_MS, FROM_MS, Map.of("producer", "p" + i));
    }
    List<ArrivalFact> facts = outcomes.take();
    assertThat(facts).hasSizeLessThanOrEqualTo(102);
    for (boolean all : List.of(true, false)) {
      assertThat(facts)
          .filteredOn(fact -> fact.name().isEmpty() == all)
          .extracting(ArrivalFact::records)
          .satisfies(
              records ->
                  assertThat(records.stream().mapToLong(Long::longValue).sum()).isEqualTo(300));
    }
    assertThat(outcomes.take()).isEmpty();
  }
}
