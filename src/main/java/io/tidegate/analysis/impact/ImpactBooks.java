package io.tidegate.analysis.impact;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.attribution.UnitHistory.Entry;
import io.tidegate.model.AttemptId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The books of all attempts of a scope, filled unit by unit or from other books. Mutable. */
public final class ImpactBooks {

  private final Map<AttemptId, SliceBook> books = new TreeMap<>();
  private final List<Rollout> rollouts = new ArrayList<>();
  private final int horizonSlices;

  /** A rollout with the followers of its attempts. */
  private record Rollout(RolloutContext context, List<UnitFollower> followers) {}

  /** How many events of a unit took part, and how many more were copies of them. */
  public record Followed(int used, int copies) {}

  /**
   * @param horizonSlices as in {@link UnitHistory#of}
   */
  public ImpactBooks(ImpactScope scope, int horizonSlices) {
    this.horizonSlices = horizonSlices;
    Map<String, List<UnitFollower>> followers = new TreeMap<>();
    scope
        .plans()
        .forEach(
            (id, plan) -> {
              SliceBook book = new SliceBook(plan);
              books.put(id, book);
              followers
                  .computeIfAbsent(id.rolloutId(), r -> new ArrayList<>())
                  .add(new UnitFollower(plan, book));
            });
    for (RolloutContext context : scope.contexts()) {
      List<UnitFollower> own = followers.get(context.rolloutId());
      if (own != null) {
        rollouts.add(new Rollout(context, own));
      }
    }
  }

  /**
   * Adds one unit.
   *
   * @param events all its events in any order, copies included, and its covariates
   */
  public Followed follow(List<Point> events) {
    List<Point> covariates = new ArrayList<>();
    List<Point> lived = new ArrayList<>(events.size());
    for (Point event : events) {
      (Points.isCovariate(event) ? covariates : lived).add(event);
    }
    UnitHistory history = UnitHistory.of(lived, horizonSlices);
    for (Rollout rollout : rollouts) {
      List<Entry> entries = history.entries(rollout.context());
      if (!entries.isEmpty()) {
        for (UnitFollower follower : rollout.followers()) {
          follower.follow(entries, history.points(), covariates);
        }
      }
    }
    return new Followed(history.points().size(), lived.size() - history.points().size());
  }

  /** Books with units in them, as bytes. */
  public Map<AttemptId, byte[]> toBytes() {
    Map<AttemptId, byte[]> bytes = new TreeMap<>();
    books.forEach(
        (id, book) -> {
          if (!book.isEmpty()) {
            bytes.put(id, book.toBytes());
          }
        });
    return bytes;
  }

  /** Adds a book of other units, written by {@link #toBytes}. */
  public void merge(AttemptId id, byte[] bytes) {
    SliceBook book = books.get(id);
    if (book == null) {
      throw new IllegalArgumentException("attempt " + id + " is not of this scope");
    }
    book.mergeBytes(bytes);
  }

  /** What the books say, of attempts with units. */
  public List<ImpactTables> tables() {
    return books.values().stream().filter(b -> !b.isEmpty()).map(ImpactTables::of).toList();
  }
}
