package io.tidegate.cli;

import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.model.History;
import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.UserError;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The life of a rollout whose data are imported: defined at the first event, its stages entered,
 * completed when the data end.
 */
final class ImportedRollout {

  private static final String ACTOR = "import";

  private final RolloutSpec spec;
  private final List<StageEntry> stated;

  private ImportedRollout(RolloutSpec spec, List<StageEntry> stated) {
    this.spec = spec;
    this.stated = stated;
  }

  /**
   * Throws a UserError with every problem of the stated times.
   *
   * @param entered when stages were entered, by name, ISO-8601; empty: the first stage at the first
   *     event, each other after the minimum duration of the one before
   */
  static ImportedRollout of(RolloutSpec spec, Map<String, String> entered) {
    List<Problem> problems = new ArrayList<>();
    List<StageEntry> stated = new ArrayList<>();
    List<String> names = spec.stages().stream().map(Stage::name).toList();
    entered.forEach(
        (stage, time) -> {
          if (!names.contains(stage)) {
            String expected = "one of the stages " + String.join(", ", names);
            problems.add(
                new Problem("--enter", "", stage, Nearest.suggest(expected, stage, names)));
          }
          try {
            stated.add(
                new StageEntry(stage, OffsetDateTime.parse(time).toInstant().toEpochMilli()));
          } catch (DateTimeException e) {
            problems.add(
                new Problem("--enter", stage, time, "a time such as 2026-01-31T12:00:00Z"));
          }
        });
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    stated.sort(Comparator.comparingLong(StageEntry::atMs));
    return new ImportedRollout(spec, stated);
  }

  /** How it begins and goes on, in the order of time. */
  List<RolloutEvent> ramp(long firstMs) {
    List<StageEntry> entries =
        stated.isEmpty() ? StageEntry.byMinimumDurations(spec, firstMs) : stated;
    long definedMs = Math.min(firstMs, entries.get(0).atMs());
    List<RolloutEvent> events = new ArrayList<>();
    events.add(
        RolloutEvent.defined(
            id(Kind.DEFINED, definedMs),
            definedMs,
            spec.id(),
            ACTOR,
            RolloutSpecs.toJson(spec),
            ResolvedJson.write(Resolver.resolve(spec, History.NONE))));
    for (StageEntry entry : entries) {
      events.add(event(Kind.STAGE_ENTERED, entry.atMs(), entry.stage()));
    }
    return events;
  }

  RolloutEvent completed(long atMs) {
    return event(Kind.COMPLETED, atMs, "");
  }

  private RolloutEvent event(Kind kind, long atMs, String stage) {
    return new RolloutEventBuilder(id(kind, atMs), atMs, kind)
        .rolloutId(spec.id())
        .stage(stage)
        .actor(ACTOR)
        .build();
  }

  private String id(Kind kind, long atMs) {
    return ACTOR + "-" + spec.id() + "-" + kind + "-" + atMs;
  }
}
