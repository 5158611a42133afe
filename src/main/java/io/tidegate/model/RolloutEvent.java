package io.tidegate.model;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a rollout, or a TICK of its clock.
 *
 * @param eventTimeMs when it happened, epoch milliseconds
 * @param rolloutId empty on a TICK
 * @param stage stage entered; empty elsewhere
 * @param attempt attempt it belongs to; 0 where unstated
 * @param spec canonical JSON of the spec on DEFINED, else empty
 * @param resolved canonical JSON of the frozen quantities on DEFINED, else empty
 */
public record RolloutEvent(
    String eventId,
    long eventTimeMs,
    String rolloutId,
    Kind kind,
    String stage,
    String actor,
    int attempt,
    String note,
    List<String> links,
    List<ActionItem> actionItems,
    String spec,
    String resolved,
    @Nullable Decided decision,
    @Nullable Environment environment)
    implements Serializable {

  /** What happened. */
  public enum Kind {
    DEFINED,
    STAGE_ENTERED,
    PAUSED,
    RESUMED,
    ROLLED_BACK,
    COMPLETED,
    DECISION,
    NOTE,
    TICK
  }

  /** Something to be done, by whom and until when. */
  public record ActionItem(String text, String owner, String due) implements Serializable {}

  /** A person's decision: approve reason codes or sign-offs, or override the verdict. */
  public record Decided(String action, List<String> codes, String verdict, String signOff)
      implements Serializable {
    public Decided {
      codes = List.copyOf(codes);
    }
  }

  /** What was deployed: enough to restore it. */
  public record Environment(
      String deploymentVersion, Map<String, String> flags, Map<String, String> routing)
      implements Serializable {
    public Environment {
      flags = Map.copyOf(flags);
      routing = Map.copyOf(routing);
    }
  }

  public RolloutEvent {
    links = List.copyOf(links);
    actionItems = List.copyOf(actionItems);
  }

  public static RolloutEvent tick(String eventId, long eventTimeMs) {
    return bare(eventId, eventTimeMs, "", Kind.TICK, "");
  }

  /** An event with neither note nor decision. */
  public static RolloutEvent bare(
      String eventId, long eventTimeMs, String rolloutId, Kind kind, String stage) {
    return new RolloutEvent(
        eventId,
        eventTimeMs,
        rolloutId,
        kind,
        stage,
        "",
        0,
        "",
        List.of(),
        List.of(),
        "",
        "",
        null,
        null);
  }

  /** A DEFINED event. */
  public static RolloutEvent defined(
      String eventId,
      long eventTimeMs,
      String rolloutId,
      String actor,
      String spec,
      String resolved) {
    return new RolloutEvent(
        eventId,
        eventTimeMs,
        rolloutId,
        Kind.DEFINED,
        "",
        actor,
        0,
        "",
        List.of(),
        List.of(),
        spec,
        resolved,
        null,
        null);
  }
}
