package io.tidegate.analysis.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rollouts that are known, found by the flag or the outcome that they read, so that an event
 * costs no more where there are many.
 */
public final class RolloutIndex {

  /**
   * The rollouts that read a name.
   *
   * @param contexts in ascending order of ordinal
   * @param ordinals theirs
   * @param attributes names of the attributes that they read, sorted
   */
  private record Readers(List<RolloutContext> contexts, BitSet ordinals, String[] attributes) {
    static Readers of(
        List<RolloutContext> contexts, Function<RolloutContext, Set<String>> attributes) {
      TreeSet<String> wanted = new TreeSet<>();
      BitSet ordinals = new BitSet();
      for (RolloutContext context : contexts) {
        wanted.addAll(attributes.apply(context));
        ordinals.set(context.ordinal());
      }
      return new Readers(List.copyOf(contexts), ordinals, wanted.toArray(new String[0]));
    }
  }

  private final @Nullable RolloutContext[] byOrdinal;
  private final List<RolloutContext> all;
  private final Map<String, Readers> byFlag = new HashMap<>();
  private final Map<String, Readers> byOutcome = new HashMap<>();
  private long settledAtMs = Long.MIN_VALUE;
  private long settledMs = Long.MIN_VALUE;

  private RolloutIndex(List<RolloutContext> contexts) {
    all = List.copyOf(contexts);
    byOrdinal = new RolloutContext[all.stream().mapToInt(c -> c.ordinal() + 1).max().orElse(0)];
    Map<String, List<RolloutContext>> flags = new HashMap<>();
    Map<String, List<RolloutContext>> outcomes = new HashMap<>();
    for (RolloutContext context : all) {
      byOrdinal[context.ordinal()] = context;
      context.flags().forEach(f -> flags.computeIfAbsent(f, k -> new ArrayList<>()).add(context));
      context
          .outcomes()
          .forEach(o -> outcomes.computeIfAbsent(o, k -> new ArrayList<>()).add(context));
    }
    flags.forEach(
        (name, readers) -> byFlag.put(name, Readers.of(readers, RolloutContext::dimensions)));
    outcomes.forEach(
        (name, readers) ->
            byOutcome.put(name, Readers.of(readers, RolloutContext::outcomeAttributes)));
  }

  /**
   * @param contexts by ordinal
   */
  public static RolloutIndex of(List<RolloutContext> contexts) {
    return new RolloutIndex(contexts);
  }

  @Nullable RolloutContext byOrdinal(int ordinal) {
    return ordinal < byOrdinal.length ? byOrdinal[ordinal] : null;
  }

  private @Nullable Readers readers(Point point) {
    return (point.exposure ? byFlag : byOutcome).get(point.name);
  }

  /**
   * As {@link RolloutContext#concerns}, without a look at the rollout's own names.
   *
   * @param context one of this index
   */
  boolean concerns(RolloutContext context, Point point) {
    Readers readers = readers(point);
    return readers != null
        && readers.ordinals().get(context.ordinal())
        && context.startedBy(point.timeMs);
  }

  /** The rollouts that read a point's flag or outcome, started or not. */
  List<RolloutContext> readersOf(Point point) {
    Readers readers = readers(point);
    return readers == null ? List.of() : readers.contexts();
  }

  /**
   * Ids of the rollouts that run at the end of a fact's minute and read its source, if it has one.
   */
  public List<String> concernedBy(ArrivalFact fact) {
    Readers readers = (fact.exposures() ? byFlag : byOutcome).get(fact.name());
    List<RolloutContext> concerned =
        fact.name().isEmpty() ? all : readers == null ? List.of() : readers.contexts();
    return concerned.stream()
        .filter(context -> context.runsAt(fact.lastMs()))
        .map(RolloutContext::rolloutId)
        .toList();
  }

  /**
   * Whether some rollout reads a point in the attempt that it falls into; takes from it the
   * attributes that none reads.
   */
  public boolean keep(Point point) {
    return keep(point, RolloutContext::takes);
  }

  /** As {@link #keep}, but for points from a rollout's first stage on, whether it runs or not. */
  public boolean keepSinceStart(Point point) {
    return keep(point, (context, of) -> context.startedBy(of.timeMs));
  }

  private boolean keep(Point point, BiPredicate<RolloutContext, Point> reads) {
    Readers readers = readers(point);
    if (readers == null) {
      return false;
    }
    for (RolloutContext context : readers.contexts()) {
      if (reads.test(context, point)) {
        point.attributes = only(point.attributes, readers.attributes());
        return true;
      }
    }
    return false;
  }

  private static String[] only(String[] attributes, String[] wanted) {
    int kept = 0;
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      if (Arrays.binarySearch(wanted, attributes[i]) >= 0) {
        kept += 2;
      }
    }
    if (kept == attributes.length) {
      return attributes;
    }
    String[] fewer = new String[kept];
    int at = 0;
    for (int i = 0; at < kept; i += 2) {
      if (Arrays.binarySearch(wanted, attributes[i]) >= 0) {
        fewer[at++] = attributes[i];
        fewer[at++] = attributes[i + 1];
      }
    }
    return fewer;
  }

  /**
   * Before this instant nothing can change any more: the last boundary of every rollout that runs
   * at {@code closedMs}, and {@code closedMs} where none does. Remembers the last answer.
   *
   * @param closedMs boundaries up to here will see no other change
   */
  long settledMs(long closedMs) {
    if (closedMs != settledAtMs) {
      long settled = closedMs;
      for (RolloutContext context : all) {
        if (context.runsAt(closedMs)) {
          settled = Math.min(settled, context.floorBoundary(closedMs));
        }
      }
      settledAtMs = closedMs;
      settledMs = settled;
    }
    return settledMs;
  }
}
