package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.EventEncoder;
import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.model.Assignment;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Outcome;
import io.tidegate.model.Reason;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.ReplayedDecision;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.tidegate.model.Verdict;
import io.tidegate.operator.EventTally;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.api.common.JobExecutionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate over a real broker, archived, then replayed from the tables. */
class GateITCase {

  private static final int UNITS = 3_000;
  private static final int DEAD = 200;
  private static final int FAST = 200;
  private static final long FAST_MS = 300_000;
  private static final long END_MS = Rollouts.START_MS + 2 * Rollouts.DAY_MS;

  @TempDir private Path folder;

  @Test
  void what_streams_is_what_a_replay_of_the_archive_gives_and_late_data_make_a_revision()
      throws Exception {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      TidegateConfig config = platform.config().withBounded(true);
      produce(config);
      countsAddUp(GateJob.environment(config).execute("gate"));
      List<GateSignal> signals = signals(config);
      assertThat(signals).hasSizeGreaterThan(45);
      assertThat(signals).anyMatch(s -> s.evidence().stream().anyMatch(e -> e.eValueLog() != null));
      howRecordsArriveIsReviewed(signals);
      ArchiveJob.environment(config).execute("archive");
      assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
      howRecordsArrivedIsUnknownToAGateBuiltAnew(config, signals.get(signals.size() - 1));

      ReplayOutcome same = ReplayJob.run(config, Set.of("m"), true, note -> {}).get(0);
      assertThat(same.boundaries()).isEqualTo(signals.size());
      assertThat(same.reproduces()).as("%s", same).isTrue();

      late(config);
      ArchiveJob.environment(config).execute("archive late events");
      ReplayOutcome corrected = ReplayJob.run(config, Set.of("m"), true, note -> {}).get(0);
      assertThat(corrected.corrected()).isNotEmpty();
      assertThat(corrected.identical() + corrected.corrected().size())
          .isEqualTo(corrected.boundaries());
      String revised = corrected.corrected().get(corrected.corrected().size() - 1);
      assertThat(ReplayJob.decision(config, revised, note -> {}).reproduces()).isTrue();
      String live = revised.replace("/1/", "/0/").replaceFirst("m/0/", "m/1/");
      assertThat(ReplayJob.decision(config, live, note -> {}).reproduces()).isFalse();
      String first = signals.get(0).signalId();
      ReplayedDecision decision = ReplayJob.decision(config, first, note -> {});
      assertThat(decision.reproduces()).as("%s", decision).isTrue();
      assertThat(decision.decision().boundaryMs()).isEqualTo(signals.get(0).boundaryMs());
      assertThatThrownBy(() -> ReplayJob.decision(config, "m/1", note -> {}))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "--decision: found m/1: expected the decision_id of a verdict in decision_log,"
                  + " or a signal_id");
      ReplayOutcome again = ReplayJob.run(config, Set.of(), true, note -> {}).get(0);
      assertThat(again.reproduces()).as("%s", again).isTrue();
    }
  }

  /** Records that cannot be read from hour 38 on, a clock that is fast from hour 40 on. */
  private static void howRecordsArriveIsReviewed(List<GateSignal> signals) {
    GateSignal last = signals.get(signals.size() - 1);
    assertThat(last.arrivals().dead()).isEqualTo(DEAD);
    assertThat(sentence(last, "DEAD_SHARE")).startsWith(DEAD + " of the ");
    assertThat(last.verdict()).isEqualTo(Verdict.REVIEW);
    List<GateSignal> skewed =
        signals.stream().filter(s -> !sentence(s, "CLOCK_SKEW").isEmpty()).toList();
    assertThat(skewed)
        .isNotEmpty()
        .allSatisfy(
            s -> {
              assertThat(s.boundaryMs()).isGreaterThan(hour(40));
              assertThat(s.arrivals().clockSkewMs()).isEqualTo(FAST_MS);
              assertThat(sentence(s, "CLOCK_SKEW")).contains("request", "app-2", "a clock is fast");
              assertThat(s.verdict()).isEqualTo(Verdict.REVIEW);
            });
    assertThat(signals)
        .filteredOn(s -> s.boundaryMs() <= hour(38))
        .allSatisfy(s -> assertThat(sentence(s, "DEAD_SHARE")).isEmpty());
  }

  /** The tables do not have it, and the topics nothing beyond them. */
  private static void howRecordsArrivedIsUnknownToAGateBuiltAnew(
      TidegateConfig config, GateSignal live) throws Exception {
    TidegateConfig anew = GateTopics.ownOutput(config, "anew");
    GateJob.environment(anew).execute("anew");
    List<GateSignal> signals = signals(anew);
    GateSignal last = signals.get(signals.size() - 1);
    assertThat(last.signalId()).isEqualTo(live.signalId());
    assertThat(last.dataHash()).isEqualTo(live.dataHash());
    assertThat(last.arrivals().dead()).isZero();
    assertThat(signals)
        .allSatisfy(
            s -> assertThat(sentence(s, "DEAD_SHARE") + sentence(s, "CLOCK_SKEW")).isEmpty());
  }

  private static String sentence(GateSignal signal, String code) {
    return signal.reasons().stream()
        .filter(reason -> reason.code().equals(code))
        .map(Reason::sentence)
        .findFirst()
        .orElse("");
  }

  private static long hour(int hours) {
    return Rollouts.START_MS + hours * Rollouts.HOUR_MS;
  }

  private static void countsAddUp(JobExecutionResult result) {
    long in = result.<Long>getAccumulatorResult(EventTally.IN);
    long sum = 0;
    for (String part :
        List.of(
            EventTally.DEAD,
            EventTally.UNUSED,
            EventTally.USED,
            EventTally.DUPLICATE,
            EventTally.LATE,
            EventTally.BEYOND_HORIZON)) {
      sum += result.<Long>getAccumulatorResult(part);
    }
    assertThat(sum).isEqualTo(in).isGreaterThan(UNITS);
    assertThat(result.<Long>getAccumulatorResult(EventTally.DEAD)).isEqualTo(2 + DEAD);
    assertThat(result.<Long>getAccumulatorResult(EventTally.DUPLICATE)).isEqualTo(1);
    assertThat(result.<Long>getAccumulatorResult(EventTally.UNUSED)).isGreaterThan(0);
    assertThat(result.<Long>getAccumulatorResult(EventTally.LATE)).isZero();
  }

  private static void produce(TidegateConfig config) {
    Random random = new Random(5);
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (RolloutEvent event : Rollouts.events("m")) {
        if (event.eventTimeMs() < END_MS) {
          producer.rollout(
              event.kind() == RolloutEvent.Kind.DEFINED
                  ? RolloutEvent.defined(
                      event.eventId(),
                      event.eventTimeMs(),
                      "m",
                      "test",
                      RolloutSpecs.toJson(Rollouts.spec("m", Assignment.MATCHED)),
                      "")
                  : event);
        }
      }
      List<Object> events = new ArrayList<>();
      for (int u = 0; u < UNITS; u++) {
        long at =
            Rollouts.START_MS
                + 18 * 60_000L
                + (long) (random.nextDouble() * (END_MS - Rollouts.START_MS - 3_600_000));
        String unit = "user-" + u;
        Map<String, String> attributes =
            Map.of(
                "country",
                u % 3 == 0 ? "DE" : "FR",
                "device",
                u % 5 == 0 ? "mobile" : "desktop",
                "other",
                "x");
        events.add(
            new Exposure(
                "e" + u, at, unit, "m", u % 2 == 0 ? "off" : "on", "", "split", attributes));
        for (String name : new String[] {"request", "request", "error", "purchase", "unread"}) {
          if (random.nextInt(3) > 0) {
            long when = at + random.nextInt(1_800_000);
            events.add(
                new Outcome(
                    "o" + events.size(),
                    when,
                    unit,
                    name,
                    random.nextInt(90) * 1_000_000L,
                    true,
                    Map.of()));
          }
        }
      }
      arrivingBadly(events);
      events.sort((a, b) -> Long.compare(time(a), time(b)));
      events.forEach(
          e -> {
            if (e instanceof Exposure exposure) {
              producer.exposure(exposure);
            } else if (e instanceof Unreadable unreadable) {
              producer.send(
                  "outcomes", unreadable.atMs(), "", "{".getBytes(StandardCharsets.UTF_8));
            } else if (e instanceof Outcome outcome && outcome.attributes().containsKey("source")) {
              producer.send(
                  "outcomes",
                  outcome.eventTimeMs() - FAST_MS,
                  outcome.unitId(),
                  new EventEncoder().outcome(outcome));
            } else {
              producer.outcome((Outcome) e);
            }
          });
      producer.exposure(
          (Exposure) events.stream().filter(Exposure.class::isInstance).findFirst().orElseThrow());
      producer.send("exposures", Rollouts.START_MS, "", "{".getBytes(StandardCharsets.UTF_8));
      producer.send("outcomes", Rollouts.START_MS, "", "[]".getBytes(StandardCharsets.UTF_8));
      for (long t = Rollouts.START_MS; t <= END_MS; t += 600_000) {
        producer.rollout(RolloutEvent.tick("t" + t, t));
      }
      producer.rollout(RolloutEvent.tick("last", END_MS + 1));
    }
  }

  /** A record that is no event. */
  private record Unreadable(long atMs) {}

  private static void arrivingBadly(List<Object> events) {
    for (int i = 0; i < DEAD; i++) {
      events.add(new Unreadable(hour(38) + i * Rollouts.HOUR_MS / DEAD));
    }
    for (int i = 0; i < FAST; i++) {
      events.add(
          new Outcome(
              "fast" + i,
              hour(40) + i * Rollouts.HOUR_MS / FAST + FAST_MS,
              "user-" + i,
              "request",
              1_000_000L,
              true,
              Map.of("source", "app-2")));
    }
  }

  /** Purchases that come a day late, of units that were exposed. */
  private static void late(TidegateConfig config) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (int u = 0; u < 50; u++) {
        producer.outcome(
            new Outcome(
                "late" + u,
                END_MS - 4 * 3_600_000L,
                "user-" + u,
                "purchase",
                40_000_000L,
                true,
                Map.of()));
      }
    }
  }

  private static long time(Object event) {
    if (event instanceof Unreadable unreadable) {
      return unreadable.atMs();
    }
    return event instanceof Exposure e ? e.eventTimeMs() : ((Outcome) event).eventTimeMs();
  }

  private static List<GateSignal> signals(TidegateConfig config) {
    List<GateSignal> signals = new ArrayList<>();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      TopicReader.read(
          config.kafka(),
          topics.ranges(config.kafka().topics().gateSignals()),
          record -> {
            try {
              assertThat(
                      new String(
                          record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                  .isEqualTo(SignalCodec.SIGNAL_TYPE);
              signals.add(SignalCodec.readSignal(record.value()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    return signals;
  }
}
