package io.tidegate.cli.demo;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a team's rollout tooling does: it enters the first stage, then acts on the newest verdict
 * alone. ADVANCE enters the next stage (or completes), ROLLBACK rolls back, all else waits.
 */
final class Tooling {

  private static final String ACTOR = "demo-tooling";
  private static final String DEPLOYED = "shop-2026.18";

  private final RolloutSpec spec;
  private final Shop shop;
  private final List<StageLine> lines = new ArrayList<>();
  private final List<RolloutEvent> acts = new ArrayList<>();
  private List<GateSignal> signals = List.of();
  private int current = -1;
  private int read;
  private boolean over;

  Tooling(RolloutSpec spec, Shop shop) {
    this.spec = spec;
    this.shop = shop;
    spec.stages().forEach(stage -> lines.add(StageLine.ahead(stage.name(), stage.percent())));
  }

  void define(String resolvedJson, String specJson) {
    announce(
        RolloutEvent.defined(
            id(Kind.DEFINED, ""), shop.nowMs(), spec.id(), ACTOR, specJson, resolvedJson));
    enterNext();
  }

  boolean over() {
    return over;
  }

  List<StageLine> lines() {
    return List.copyOf(lines);
  }

  /** Every signal that it was shown. */
  List<GateSignal> signals() {
    return signals;
  }

  /** What it announced on the topic. */
  List<RolloutEvent> acts() {
    return acts;
  }

  /** Takes the signals that came since the last call and acts on the newest. */
  void act(List<GateSignal> newSignals) {
    signals = newSignals;
    for (; read < signals.size(); read++) {
      note(signals.get(read));
    }
    if (signals.isEmpty() || over) {
      return;
    }
    GateSignal newest = signals.get(signals.size() - 1);
    if (newest.epoch() != current) {
      return;
    }
    if (newest.verdict() == Verdict.ROLLBACK) {
      shop.rollBack();
      announce(Kind.ROLLED_BACK, "", null);
      over = true;
    } else if (newest.verdict() == Verdict.ADVANCE && current + 1 < spec.stages().size()) {
      enterNext();
    } else if (newest.verdict() == Verdict.ADVANCE) {
      announce(Kind.COMPLETED, "", null);
      over = true;
    }
  }

  private void enterNext() {
    Stage stage = spec.stages().get(++current);
    shop.enter(stage.name());
    announce(
        Kind.STAGE_ENTERED,
        stage.name(),
        new RolloutEvent.Environment(
            DEPLOYED, Map.of(spec.flag().key(), percent(stage.percent())), Map.of()));
    lines.set(
        current, new StageLine(stage.name(), stage.percent(), shop.nowMs(), null, null, 0, ""));
  }

  private static String percent(double percent) {
    return String.format(Locale.ROOT, "%.0f %%", percent);
  }

  private void announce(Kind kind, String stage, RolloutEvent.@Nullable Environment environment) {
    announce(
        new RolloutEvent(
            id(kind, stage),
            shop.nowMs(),
            spec.id(),
            kind,
            stage,
            ACTOR,
            0,
            "",
            List.of(),
            List.of(),
            "",
            "",
            null,
            environment));
  }

  private void announce(RolloutEvent event) {
    shop.announce(event);
    acts.add(event);
  }

  private String id(Kind kind, String stage) {
    return spec.id() + "/" + kind + "/" + stage + "/" + Instant.ofEpochMilli(shop.nowMs());
  }

  /** A stage keeps the verdict on which it was left, whatever came of it until that was seen. */
  private void note(GateSignal signal) {
    if (signal.epoch() < current) {
      return;
    }
    StageLine line = lines.get(signal.epoch());
    long units =
        signal.evidence().stream()
            .mapToLong(estimate -> units(estimate))
            .max()
            .orElse(line.units());
    lines.set(
        signal.epoch(),
        new StageLine(
            line.stage(),
            line.percent(),
            line.enteredMs(),
            signal.boundaryMs(),
            signal.verdict(),
            units,
            signal.reasons().stream().findFirst().map(Reason::sentence).orElse("")));
  }

  private static long units(Estimate estimate) {
    return estimate.unitsControl() + estimate.unitsTreatment();
  }
}
