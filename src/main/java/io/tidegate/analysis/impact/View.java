package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrasts.Stratum;
import io.tidegate.model.Censoring;
import io.tidegate.model.Maturity;
import io.tidegate.model.RetentionPoint;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A book arranged for reading: segments that may be shown, and cohorts with what ends them. */
final class View {

  /** A segment of a dimension. */
  record Segment(int dimension, int segment) implements Comparable<Segment> {
    @Override
    public int compareTo(Segment other) {
      int order = Integer.compare(dimension, other.dimension);
      return order != 0 ? order : Integer.compare(segment, other.segment);
    }
  }

  /**
   * One cohort, or all of them together.
   *
   * @param cohort index in the plan, or {@link #ALL}
   */
  record Group(
      int cohort, int epoch, String stage, long censoredAtMs, Censoring censoring, long days) {}

  static final int ALL = -1;
  static final String ALL_STAGES = "(all)";

  private final SliceBook book;
  private final Map<Key, Map<Slice, SliceSums>> byVariant = new HashMap<>();
  private final TreeSet<Segment> segments = new TreeSet<>();
  private final CurveLevels levels = new CurveLevels(this);

  private record Key(Segment segment, int variant) {}

  /** Segments that may be shown. */
  View(SliceBook book) {
    this(book, Disclosure.shown(book));
  }

  /** Every segment, for what is said of all of them together. */
  static View undisclosed(SliceBook book) {
    return new View(book, book.slices());
  }

  private View(SliceBook book, Map<Slice, SliceSums> slices) {
    this.book = book;
    slices.forEach(
        (slice, sums) -> {
          Segment segment = new Segment(slice.dimension(), slice.segment());
          segments.add(segment);
          byVariant
              .computeIfAbsent(new Key(segment, slice.variant()), k -> new TreeMap<>())
              .put(slice, sums);
        });
  }

  ImpactPlan plan() {
    return book.plan();
  }

  /** How sure the intervals of a curve are together. */
  CurveLevels levels() {
    return levels;
  }

  /** Segments with units, {@code all} first. */
  Iterable<Segment> segments() {
    return segments;
  }

  /** Cohorts in order. */
  List<Group> cohorts() {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < plan().cohorts().size(); i++) {
      Cohort c = plan().cohorts().get(i);
      groups.add(
          new Group(
              i,
              c.epoch(),
              c.stage(),
              c.censoredAtMs(),
              c.censoring(),
              c.daysPassed(c.enteredMs())));
    }
    return groups;
  }

  /** The cohorts, and all of them together where no unit is in two. */
  List<Group> groups() {
    List<Group> groups = cohorts();
    if (!plan().ramped() && !groups.isEmpty()) {
      groups.add(together());
    }
    return groups;
  }

  /** All cohorts together; censored when the last of them is. */
  Group together() {
    return together(plan().cohorts());
  }

  /** All cohorts together, named and censored by some of them. */
  static Group together(List<Cohort> cohorts) {
    Cohort last = cohorts.get(0);
    for (Cohort cohort : cohorts) {
      last = cohort.censoredAtMs() >= last.censoredAtMs() ? cohort : last;
    }
    return new Group(
        ALL, ALL, ALL_STAGES, last.censoredAtMs(), last.censoring(), Cohort.oldest(cohorts));
  }

  /** Sums of a variant in a group, one entry a stratum. */
  Map<Slice, SliceSums> strata(Group group, Segment segment, int variant) {
    Map<Slice, SliceSums> found = new TreeMap<>();
    byVariant
        .getOrDefault(new Key(segment, variant), Map.of())
        .forEach(
            (slice, sums) -> {
              if (group.cohort() == ALL || slice.epoch() == group.cohort()) {
                found.put(slice, sums);
              }
            });
    return found;
  }

  Map<Slice, SliceSums> strata(Members members, int variant) {
    Map<Slice, SliceSums> found = strata(members.group, members.segment, variant);
    found.keySet().removeIf(slice -> !members.kept.test(slice));
    return found;
  }

  long units(Group group, Segment segment, int variant) {
    return strata(group, segment, variant).values().stream().mapToLong(SliceSums::units).sum();
  }

  /** Control and treatment by stratum, with the sums that {@code pick} takes. */
  List<Stratum> pairs(
      Group group,
      Segment segment,
      int treatment,
      boolean isRatio,
      Function<SliceSums, UnitSums> pick) {
    return pairs(
        group, segment, treatment, (slice, sums) -> Arm.of(slice, pick.apply(sums), isRatio));
  }

  /** Control and treatment by stratum, as {@code arm} sees each of them. */
  List<Stratum> pairs(
      Group group,
      Segment segment,
      int treatment,
      BiFunction<Slice, SliceSums, @Nullable Arm> arm) {
    return twins(Members.all(segment, group), treatment, arm).stream()
        .map(two -> new Stratum(two.control(), two.treatment()))
        .toList();
  }

  /**
   * Units of a segment and group whose slices are {@code kept}.
   *
   * @param name tells these from others of the same segment and group
   */
  record Members(Segment segment, Group group, String name, Predicate<Slice> kept) {

    static Members all(Segment segment, Group group) {
      return new Members(segment, group, RetentionPoint.EVERYONE, slice -> true);
    }
  }

  /** The same of control and of treatment. */
  record Two<T extends @Nullable Object>(T control, T treatment) {}

  /** What is made of control and of treatment in each stratum that has both. */
  <T extends @Nullable Object> List<Two<T>> twins(
      Members members, int treatment, BiFunction<Slice, SliceSums, T> of) {
    Map<Slice, SliceSums> control = strata(members, 0);
    List<Two<T>> pairs = new ArrayList<>();
    strata(members, treatment)
        .forEach(
            (slice, sums) -> {
              Slice twin =
                  new Slice(slice.epoch(), slice.stratum(), 0, slice.dimension(), slice.segment());
              SliceSums other = control.get(twin);
              if (other != null) {
                pairs.add(new Two<>(of.apply(twin, other), of.apply(slice, sums)));
              }
            });
    return pairs;
  }

  /** Sums over all strata of a variant. */
  UnitSums total(Group group, Segment segment, int variant, Function<SliceSums, UnitSums> pick) {
    UnitSums total = new UnitSums();
    strata(group, segment, variant).values().forEach(s -> total.add(pick.apply(s)));
    return total;
  }

  /** Products of the scores of units that are in two arms; 0 where none is in both. */
  double cross(Arm one, Arm other, ToDoubleFunction<PairSums> product) {
    PairSums found = book.pairIfAny(one.slice(), other.slice());
    return found == null ? 0 : product.applyAsDouble(found);
  }

  static Maturity maturity(long units, long mature) {
    if (mature == 0) {
      return Maturity.CENSORED;
    }
    return mature == units ? Maturity.MATURE : Maturity.PROVISIONAL;
  }

  /** Of figures over all units, whatever their age. */
  static Maturity maturityToDate(Group group) {
    return group.censoring() == Censoring.DATA_END ? Maturity.PROVISIONAL : Maturity.MATURE;
  }

  static <T> @Nullable T orNull(Stated<T> stated) {
    return stated.said() ? stated.orThrow() : null;
  }

  /** Why nothing is said; empty where it is. */
  static String reason(Stated<?> stated) {
    return stated instanceof Stated.CannotSay<?> no ? no.detail() : "";
  }
}
