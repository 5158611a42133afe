package io.tidegate.serve;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.job.Definitions;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.model.Verdict;
import io.tidegate.spec.RolloutSpecs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A board fed as the topics feed it, and the messages of one rollout. */
public final class Topic {

  public static final String ROLLOUT = "checkout-v2";
  static final long START_MS = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  static final long MINUTE_MS = 60_000;

  static final Archive NO_TABLES =
      (id, attempt) -> {
        throw new UserError("catalog", "", "", "tables");
      };

  private static final RolloutSpec SPEC =
      RolloutSpecs.read(Path.of("src/test/resources/specs/design.yaml"));

  final Board board = new Board(Definitions.READER, DecodeLimits.DEFAULT);
  private int events;

  static Topic defined() {
    Topic topic = new Topic();
    topic.rollout(definition());
    return topic;
  }

  static RolloutEvent definition() {
    return RolloutEvent.defined("d", START_MS, ROLLOUT, "ana", RolloutSpecs.toJson(SPEC), "");
  }

  void rollout(RolloutEvent event) {
    board.rollout(RolloutEventCodec.encode(event), event.eventTimeMs());
  }

  Topic event(Kind kind, String stage, long timeMs) {
    rollout(RolloutEvent.bare("e" + events++, timeMs, ROLLOUT, kind, stage));
    return this;
  }

  Topic tick(long timeMs) {
    rollout(RolloutEvent.tick("t" + events++, timeMs));
    return this;
  }

  Topic verdict(Verdict verdict, String stage, int attempt, long boundaryMs) {
    GateSignal signal = signal(verdict, stage, attempt, boundaryMs);
    board.verdict(ROLLOUT.getBytes(StandardCharsets.UTF_8), SignalCodec.signal(signal), boundaryMs);
    return this;
  }

  /** The evidence of a rollback's signal, of a segment large enough to be named. */
  Topic evidence(String stage, int attempt, long boundaryMs) {
    GateSignal signal = signal(Verdict.ROLLBACK, stage, attempt, boundaryMs);
    board.evidence(SignalCodec.evidence(signal, signal.evidence()));
    return this;
  }

  public static GateSignal signal(Verdict verdict, String stage, int attempt, long boundaryMs) {
    int index = SPEC.stageIndex(stage);
    Estimate harm =
        new Estimate(
            ROLLOUT,
            attempt,
            index,
            stage,
            boundaryMs,
            0,
            "off",
            "on",
            "errors",
            "device",
            "mobile",
            Purpose.HARM,
            Estimate.CONCURRENT,
            Estimate.RAW,
            "ratio",
            0.01,
            0.0,
            0.01,
            0.02,
            0.01,
            0.005,
            0.015,
            1.0,
            0.5,
            1.5,
            9.3,
            0.0001,
            4860,
            4851,
            "");
    boolean back = verdict == Verdict.ROLLBACK;
    boolean on = verdict == Verdict.ADVANCE;
    Reason reason =
        new Reason(
            back ? "HARM_SHOWN" : on ? "ENOUGH" : verdict == Verdict.HOLD ? "MIN_UNITS" : "SRM",
            back
                ? "errors in device=mobile is worse than control by more than 0 (now +100 %)"
                : on
                    ? "everything stage " + stage + " requires is shown"
                    : "the smallest variant has 120 of 500 units",
            back ? "log e 9.3" : "120",
            back ? "log e 4.6" : "500");
    boolean last = index == SPEC.stages().size() - 1;
    return new GateSignal(
        ROLLOUT + "/" + attempt + "/" + stage + "/" + boundaryMs,
        ROLLOUT,
        attempt,
        index,
        stage,
        SPEC.stages().get(index).percent(),
        boundaryMs,
        0,
        "",
        "hash",
        verdict,
        false,
        List.of(reason),
        back ? List.of(harm) : List.of(),
        on && !last ? SPEC.stages().get(index + 1).percent() : null,
        boundaryMs + MINUTE_MS,
        null,
        "",
        SPEC.owner(),
        SPEC.contact(),
        back ? boundaryMs + 30 * MINUTE_MS : null,
        List.of(),
        "spec",
        boundaryMs,
        0,
        GateSignal.Arrivals.NONE,
        true,
        true);
  }
}
