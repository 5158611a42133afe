package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.stats.sums.UnitSums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final int SEEDS = Boolean.getBoolean("tidegate.full") ? 10_000 : 400;
  private static final long BOUND_MS = 90 * 60_000L;

  /** Sums by bucket and cell; of the counters only those that arrival does not decide. */
  private static Map<String, UnitSums> total(PostedCells batch) {
    Map<String, UnitSums> cells = new HashMap<>();
    for (String rollout : batch.rollouts()) {
      CellBatch.read(
          batch.write(rollout),
          (bucket, key, sums) -> {
            if (key.channel() > CellKey.LATE || key.channel() == CellKey.CONTAMINATED) {
              cells.put(rollout + "@" + bucket + key, sums);
            }
          });
    }
    return cells;
  }

  private static Map<String, UnitSums> inOrder(List<Point> points, RolloutIndex contexts) {
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort(Point.ORDER);
    for (Point point : sorted) {
      ledger.take(state, point.copy(), contexts, Long.MIN_VALUE, point.timeMs);
    }
    return total(batch);
  }

  private static List<Point> events(Random random) {
    List<Point> points = new ArrayList<>();
    String[] names = {"request", "purchase", "error"};
    String[] devices = {"mobile", "desktop", "watch", ""};
    int size = 5 + random.nextInt(30);
    for (int i = 0; i < size; i++) {
      Point point = new Point();
      point.exposure = random.nextInt(3) == 0;
      point.timeMs = Rollouts.START_MS + (long) (random.nextDouble() * 5 * Rollouts.DAY_MS);
      if (random.nextInt(4) == 0) {
        point.timeMs =
            Rollouts.START_MS
                + random.nextInt(5) * Rollouts.DAY_MS
                + 17 * 60_000L
                + random.nextInt(3) * 60_000L;
      }
      point.idHash = i;
      point.contentHash = (int) random.nextLong();
      if (point.exposure) {
        point.name = random.nextBoolean() ? "m" : "r";
        point.variant = random.nextInt(3) > 0 ? "off" : "on";
        point.attributes = new String[] {"country", "DE", "device", devices[random.nextInt(4)]};
      } else {
        point.name = names[random.nextInt(3)];
        point.valueMicros = random.nextInt(900) * 1_000_000L - 100_000_000L;
      }
      points.add(point);
    }
    return points;
  }

  private static List<RolloutContext> contexts() {
    return List.of(
        new RolloutContext(0, Rollouts.timeline("m", Assignment.MATCHED)),
        new RolloutContext(1, Rollouts.timeline("r", Assignment.RAMPED)));
  }

  /** Points shuffled within the bound, each with the watermark at its arrival. */
  private static List<Point> arrival(List<Point> points, Random random) {
    Map<Point, Long> at = new HashMap<>();
    points.forEach(p -> at.put(p, p.timeMs + (long) (random.nextDouble() * BOUND_MS)));
    List<Point> shuffled = new ArrayList<>(points);
    shuffled.sort(Comparator.comparingLong(at::get));
    return shuffled;
  }

  @Test
  void any_order_within_the_bound_gives_the_sums_of_event_time_order() throws IOException {
    RolloutIndex contexts = RolloutIndex.of(contexts());
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Point> points = events(random);
      Map<String, UnitSums> expected = inOrder(points, contexts);
      List<Point> arriving = arrival(points, random);
      arriving.addAll(random.nextInt(arriving.size()), Collections.nCopies(1, arriving.get(0)));
      PostedCells batch = new PostedCells();
      Ledger ledger = new Ledger(6, batch::add);
      UnitState state = new UnitState();
      long newest = Long.MIN_VALUE;
      for (Point point : arriving) {
        newest = Math.max(newest, point.timeMs);
        long watermark = newest - BOUND_MS - 1;
        ledger.take(state, point.copy(), contexts, watermark, watermark);
        if (random.nextInt(5) == 0) {
          state = restored(state);
        }
      }
      assertThat(total(batch)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static UnitState restored(UnitState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.writeTo(new DataOutputStream(bytes));
    return UnitState.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void late_outcomes_within_the_horizon_keep_additive_totals_exact() {
    RolloutIndex contexts = RolloutIndex.of(contexts().subList(0, 1));
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Point> points = events(random);
      points.removeIf(p -> p.exposure);
      Point exposure = new Point();
      exposure.exposure = true;
      exposure.name = "m";
      exposure.variant = "on";
      exposure.timeMs = Rollouts.START_MS + 20 * 60_000L;
      exposure.idHash = 1000;
      points.removeIf(p -> p.timeMs < exposure.timeMs);
      points.add(exposure);
      PostedCells batch = new PostedCells();
      Ledger ledger = new Ledger(6, batch::add);
      UnitState state = new UnitState();
      ledger.take(state, exposure.copy(), contexts, exposure.timeMs - 1, exposure.timeMs - 1);
      List<Point> arriving = arrival(points, random);
      arriving.remove(exposure);
      long newest = exposure.timeMs;
      int late = 0;
      for (Point point : arriving) {
        newest = Math.max(newest, point.timeMs);
        Ledger.Fate fate = ledger.take(state, point.copy(), contexts, newest, newest);
        late += fate == Ledger.Fate.LATE ? 1 : 0;
        if (fate == Ledger.Fate.BEYOND_HORIZON) {
          points.removeIf(p -> p.idHash == point.idHash);
        }
      }
      assertThat(additive(total(batch)))
          .as("seed %d, %d late", seed, late)
          .isEqualTo(additive(inOrder(points, contexts)));
    }
  }

  /** Totals over buckets of the channels of proportion, count, sum and ratio. */
  private static Map<String, UnitSums> additive(Map<String, UnitSums> cells) {
    Map<String, UnitSums> totals = new HashMap<>();
    cells.forEach(
        (name, sums) -> {
          String cell = name.substring(name.indexOf("CellKey"));
          if (!cell.endsWith("channel=4]")) {
            totals.computeIfAbsent(cell, c -> new UnitSums()).add(sums);
          }
        });
    totals.values().removeIf(UnitSums::isZero);
    return totals;
  }

  @Test
  void a_unit_of_a_matched_ramp_stays_with_its_first_variant_and_stage() {
    RolloutContext context = contexts().get(0);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, exposure("off", 1, 0));
    take(ledger, state, context, exposure("on", 2, 1));
    take(ledger, state, context, outcome("purchase", 3, 30));
    Map<String, UnitSums> cells = total(batch);
    assertThat(cells.keySet())
        .filteredOn(c -> c.contains("dimension=-1") && c.contains("channel=0"))
        .allMatch(c -> c.contains("stratum=0, variant=0"));
    assertThat(cells.keySet()).anyMatch(c -> c.contains("channel=" + CellKey.MIXED));
  }

  @Test
  void every_unit_enters_a_stage_without_control_on_the_day_of_its_first_treated_exposure() {
    for (Assignment assignment : Assignment.values()) {
      RolloutContext context = new RolloutContext(0, Rollouts.timeline("m", assignment));
      PostedCells batch = new PostedCells();
      Ledger ledger = new Ledger(6, batch::add);
      UnitState state = new UnitState();
      List<Point> points =
          List.of(
              exposure("off", 1, 0),
              exposure("off", 2, 73),
              exposure("on", 3, 97),
              outcome("purchase", 4, 99),
              exposure("on", 5, 121));
      points.forEach(p -> take(ledger, state, context, p));
      List<String> last = new ArrayList<>();
      CellBatch.read(
          batch.write("m"),
          (bucket, key, sums) -> {
            boolean unit = key.channel() == CellKey.UNITS || key.channel() == 0;
            if (key.process() == 3 && key.dimension() == -1 && unit) {
              last.add(key.stratum() + "/" + key.variant() + "/" + key.channel());
            }
            assertThat(key.channel()).isNotEqualTo(CellKey.MIXED);
          });
      assertThat(last).as("%s", assignment).containsExactlyInAnyOrder("1/1/-1", "1/1/0");
      assertThat(UnitHistory.of(points, 6).entries(context))
          .as("impact compares with a control only")
          .noneMatch(entry -> entry.process() == 3);
    }
  }

  /** Retention and half a week make a cycle of 11 days. */
  @Test
  void a_unit_enters_a_stage_without_control_anew_in_each_week_of_entry() {
    for (Assignment assignment : Assignment.values()) {
      RolloutContext context = new RolloutContext(0, Rollouts.timeline("m", assignment));
      PostedCells batch = new PostedCells();
      Ledger ledger = new Ledger(6, batch::add);
      UnitState state = new UnitState();
      int[] days = {6, 8, 11, 12, 18, 39, 40, 44};
      for (int i = 0; i < days.length; i++) {
        take(ledger, state, context, exposure("on", 2L * i, 73 + 24 * days[i]));
        take(ledger, state, context, outcome("purchase", 2L * i + 1, 74 + 24 * days[i]));
      }
      List<String> last = new ArrayList<>();
      CellBatch.read(
          batch.write("m"),
          (bucket, key, sums) -> {
            boolean unit = key.channel() == CellKey.UNITS || key.channel() == 0;
            if (key.process() == 3 && key.dimension() == -1 && unit) {
              last.add(key.stratum() + "/" + key.channel());
            }
          });
      // Days 7 to 10 and 18 to 21 are between weeks; day 39 is the fourth's last, 44 past it.
      assertThat(last)
          .as("%s", assignment)
          .containsExactlyInAnyOrder("6/-1", "6/0", "11/-1", "11/0", "39/-1", "39/0");
    }
  }

  @Test
  void outcomes_about_a_unit_that_enters_anew_count_in_any_order() {
    for (Assignment assignment : Assignment.values()) {
      RolloutIndex contexts =
          RolloutIndex.of(List.of(new RolloutContext(0, Rollouts.timeline("m", assignment))));
      for (int seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(seed);
        List<Point> points = new ArrayList<>();
        for (int day : new int[] {6, 8, 11, 12, 22, 39}) {
          Point enters = exposure("on", points.size(), 73 + 24 * day);
          points.add(enters);
          for (String name : List.of("request", "error", "purchase", "request", "error")) {
            Point outcome = outcome(name, points.size(), 73 + 24 * day);
            // Some at the very instant; a bucket is an hour.
            outcome.timeMs += (random.nextInt(9) - 4) * 420_000L;
            points.add(outcome);
          }
        }
        PostedCells batch = new PostedCells();
        fold(arrival(points, random), contexts, batch);
        assertThat(total(batch))
            .as("%s, seed %d", assignment, seed)
            .isEqualTo(inOrder(points, contexts));
      }
    }
  }

  @Test
  void the_flags_version_is_counted_once_a_week_of_entry_where_there_is_no_control() {
    RolloutContext context = new RolloutContext(0, Rollouts.timeline("m", Assignment.MATCHED));
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    String[] versions = {"4", "4", "5", "", "5"};
    int[] hours = {1, 73, 75, 73 + 11 * 24, 73 + 22 * 24};
    for (int i = 0; i < hours.length; i++) {
      Point point = exposure("on", i, hours[i]);
      point.flagVersion = versions[i];
      take(ledger, state, context, point);
    }
    List<String> counted = new ArrayList<>();
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          if (key.channel() == CellKey.VERSION) {
            counted.add(key.process() + "/" + key.stratum() + "/" + key.segment());
            assertThat(sums.units()).isEqualTo(1);
          }
        });
    assertThat(counted)
        .containsExactlyInAnyOrder("3/0/" + CellKey.version("4"), "3/22/" + CellKey.version("5"));
  }

  @Test
  void a_unit_of_a_matched_ramp_stays_out_of_later_attempts() {
    List<RolloutEvent> events = new ArrayList<>(Rollouts.events("m").subList(0, 2));
    long backMs = Rollouts.START_MS + 2 * Rollouts.HOUR_MS;
    events.add(RolloutEvent.bare("b", backMs, "m", RolloutEvent.Kind.ROLLED_BACK, ""));
    long againMs = backMs + 2 * Rollouts.HOUR_MS;
    events.add(RolloutEvent.bare("again", againMs, "m", RolloutEvent.Kind.STAGE_ENTERED, "canary"));
    Sequencer sequencer = new Sequencer();
    RolloutContext context =
        new RolloutContext(
            0,
            Timeline.of(
                "m",
                events.stream().map(sequencer::next).toList(),
                Rollouts.reader(Assignment.MATCHED)));
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, exposure("on", 1, 0));
    take(ledger, state, context, outcome("request", 2, 1));
    take(ledger, state, context, exposure("off", 3, 4));
    take(ledger, state, context, outcome("request", 4, 5));
    List<String> units = new ArrayList<>();
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          if (key.dimension() == -1 && key.channel() == 1) {
            units.add(key.attempt() + "/" + key.variant() + " " + sums.sumY());
          }
          assertThat(key.channel()).isNotEqualTo(CellKey.MIXED);
        });
    assertThat(units).containsExactly("1/1 1000000");
  }

  /** Who was treated at 100 % was treated before, though no variant was judged there. */
  @Test
  void a_unit_first_seen_where_all_were_treated_stays_out_of_later_attempts() throws IOException {
    Map<String, Long> units = new HashMap<>();
    RolloutContext context = secondAttempt("full", Assignment.MATCHED, null);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    RolloutIndex index = RolloutIndex.of(List.of(context));
    UnitState state = new UnitState();
    ledger.take(state, exposure("on", 1, 1), index, Long.MIN_VALUE, Long.MIN_VALUE);
    long laterMs = Rollouts.START_MS + 4 * Rollouts.HOUR_MS;
    ledger.close(state, index, laterMs);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.writeTo(new DataOutputStream(bytes));
    UnitState read =
        UnitState.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    ledger.take(read, exposure("on", 3, 5), index, Long.MIN_VALUE, laterMs);
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> units.put(key.attempt() + "/" + key.channel(), sums.units()));
    // Both exposures took part in their attempt, the unit in the first, where nothing is judged.
    assertThat(units)
        .isEqualTo(
            Map.of(
                "1/" + CellKey.USED,
                1L,
                "1/" + CellKey.UNITS,
                1L,
                "1/4",
                1L,
                "2/" + CellKey.USED,
                1L));
  }

  /** Held out at 5 %, it was control among 95 % that were treated. */
  @Test
  void a_unit_held_out_counts_as_served_control_at_the_share_of_the_others() {
    RolloutSpec.Holdout held = new RolloutSpec.Holdout(5, null);
    RolloutContext context = secondAttempt("full", Assignment.RAMPED, held);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, exposure("off", 1, 1));
    take(ledger, state, context, exposure("on", 2, 5));
    List<String> units = new ArrayList<>();
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          boolean counts = key.channel() == CellKey.UNITS || key.channel() == CellKey.CONTAMINATED;
          if (key.attempt() == 2 && counts) {
            units.add(key.channel() + "@" + key.stratum());
          }
        });
    assertThat(units).containsExactly(CellKey.CONTAMINATED + "@0");
  }

  /** Control of an older version clears a unit for later stages only. */
  @Test
  void what_an_older_version_serves_counts_in_the_stage_that_the_unit_is_in() {
    RolloutSpec base = Rollouts.spec("m", Assignment.RAMPED);
    List<Stage> stages = new ArrayList<>();
    for (String version : List.of("v0", "v1", "v2")) {
      double percent = 10 * (stages.size() + 1);
      stages.add(
          new Stage(
              version,
              percent,
              Duration.ofHours(1),
              null,
              100,
              null,
              false,
              false,
              version,
              Duration.ofHours(2),
              null));
    }
    RolloutSpec spec =
        Rollouts.spec(
            base, base.lookEvery(), stages, base.segments(), base.metrics(), base.decision());
    List<Long> enteredMs =
        List.of(
            Rollouts.START_MS,
            Rollouts.START_MS + 4 * Rollouts.HOUR_MS,
            Rollouts.START_MS + 8 * Rollouts.HOUR_MS);
    RolloutContext context =
        new RolloutContext(0, Rollouts.timeline(spec, Resolved.NONE, enteredMs));
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, exposure("off", 1, 9));
    Point first = exposure("off", 2, 11);
    first.flagVersion = "v0";
    take(ledger, state, context, first);
    Point second = exposure("off", 3, 12);
    second.flagVersion = "v1";
    take(ledger, state, context, second);
    List<Integer> entered = new ArrayList<>();
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          if (key.channel() == CellKey.UNITS) {
            entered.add(key.process());
          }
        });
    assertThat(entered).as("caught inside the settle of the third stage").isEmpty();
  }

  /** The stage is entered after 17 minutes, rolled back two hours later, and entered again. */
  private static RolloutContext secondAttempt(
      String stage, Assignment assignment, RolloutSpec.@Nullable Holdout held) {
    List<RolloutEvent> events = new ArrayList<>();
    events.add(Rollouts.events("m").get(0));
    long firstMs = Rollouts.START_MS + 17 * 60_000L;
    long backMs = firstMs + 2 * Rollouts.HOUR_MS;
    long againMs = backMs + 2 * Rollouts.HOUR_MS;
    RolloutEvent.Kind enter = RolloutEvent.Kind.STAGE_ENTERED;
    events.add(RolloutEvent.bare("e", firstMs, "m", enter, stage));
    events.add(RolloutEvent.bare("b", backMs, "m", RolloutEvent.Kind.ROLLED_BACK, ""));
    events.add(RolloutEvent.bare("again", againMs, "m", enter, held == null ? "canary" : stage));
    Sequencer sequencer = new Sequencer();
    RolloutSpec plain = Rollouts.spec("m", assignment);
    RolloutSpec spec = held == null ? plain : Rollouts.withHoldout(plain, held);
    return new RolloutContext(
        0,
        Timeline.of(
            "m",
            events.stream().map(sequencer::next).toList(),
            defined -> new Definition(spec, Resolved.NONE, "hash-m")));
  }

  @Test
  void an_outcome_at_the_exposure_counts_and_one_before_does_not() {
    RolloutContext context = contexts().get(0);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    Point at = exposure("on", 1, 2);
    Point same = outcome("request", 2, 0);
    same.timeMs = at.timeMs;
    Point before = outcome("request", 3, 0);
    before.timeMs = at.timeMs - 1;
    take(ledger, state, context, same);
    take(ledger, state, context, before);
    take(ledger, state, context, at);
    long requests =
        total(batch).entrySet().stream()
            .filter(c -> c.getKey().contains("dimension=-1") && c.getKey().contains("channel=1]"))
            .mapToLong(c -> c.getValue().sumY().longValueExact())
            .sum();
    assertThat(requests).isEqualTo(UnitSums.SCALE);
  }

  @Test
  void a_late_outcome_from_before_the_exposure_does_not_count() {
    RolloutContext context = contexts().get(0);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, exposure("on", 1, 1));
    Point late = outcome("request", 2, 1);
    late.timeMs -= 1;
    long arrivalMs = late.timeMs + 50 * 60_000L;
    ledger.take(state, late, RolloutIndex.of(List.of(context)), arrivalMs, arrivalMs);
    assertThat(total(batch).values()).allMatch(sums -> sums.sumY().signum() == 0);
  }

  @Test
  void a_unit_with_late_events_is_counted_once_by_its_variant() {
    RolloutContext context = contexts().get(0);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, exposure("on", 1, 0));
    for (int i = 2; i < 6; i++) {
      Point late = outcome("request", i, i / 2);
      long arrivalMs = late.timeMs + (i < 4 ? 50 : 200) * 60_000L;
      ledger.take(state, late, RolloutIndex.of(List.of(context)), arrivalMs, arrivalMs);
    }
    Point last = outcome("request", 9, 20);
    ledger.take(state, last, RolloutIndex.of(List.of(context)), last.timeMs - 1, last.timeMs - 1);
    assertThat(counted(batch, CellKey.LATE_UNITS, 1)).isEqualTo(1);
    assertThat(counted(batch, CellKey.LATE, 1) + counted(batch, CellKey.LATE, -1)).isEqualTo(2);
    assertThat(counted(batch, CellKey.BEYOND, -1)).isEqualTo(2);
    assertThat(counted(batch, CellKey.USED, 1)).isZero();
    assertThat(counted(batch, CellKey.USED, -1)).isEqualTo(2);
  }

  /** Weeks of entry in the stage without control begin 11 days apart. */
  @Test
  void a_late_event_of_one_week_of_entry_is_no_sign_for_the_next() {
    RolloutContext context = new RolloutContext(0, Rollouts.timeline("m", Assignment.MATCHED));
    RolloutIndex index = RolloutIndex.of(List.of(context));
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    int week = 73 + 11 * 24;
    Point first = exposure("on", 1, 73);
    ledger.take(state, first, index, first.timeMs - 1, first.timeMs - 1);
    Point again = exposure("on", 2, week);
    ledger.take(state, again, index, again.timeMs - 1, again.timeMs - 1);
    Point late = outcome("request", 3, week);
    late.timeMs -= 30 * 60_000L;
    assertThat(ledger.take(state, late, index, again.timeMs + 1, again.timeMs + 1))
        .isEqualTo(Ledger.Fate.LATE);
    assertThat(counted(batch, CellKey.LATE_UNITS, 1)).isEqualTo(1);
    Point next = outcome("request", 4, week + 2);
    ledger.take(state, next, index, next.timeMs - 1, next.timeMs - 1);
    assertThat(counted(batch, CellKey.USED, 1)).as("of the unit's variant").isEqualTo(2);
    assertThat(counted(batch, CellKey.USED, -1)).as("of no variant: the first").isEqualTo(1);
  }

  @Test
  void events_that_took_part_are_counted_the_same_in_any_order() {
    RolloutIndex contexts = RolloutIndex.of(contexts());
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Point> points = events(random);
      PostedCells inOrder = new PostedCells();
      fold(points.stream().sorted(Point.ORDER).toList(), contexts, inOrder);
      PostedCells shuffled = new PostedCells();
      fold(arrival(points, random), contexts, shuffled);
      for (String rollout : List.of("m", "r")) {
        assertThat(used(shuffled, rollout)).as("seed %d", seed).isEqualTo(used(inOrder, rollout));
      }
    }
  }

  @Test
  void what_only_a_later_attempt_reads_does_not_take_part_in_an_earlier_one() {
    List<RolloutEvent> events = new ArrayList<>(Rollouts.events("m").subList(0, 2));
    long backMs = Rollouts.START_MS + 20 * Rollouts.HOUR_MS;
    events.add(RolloutEvent.bare("b", backMs, "m", RolloutEvent.Kind.ROLLED_BACK, ""));
    long againMs = backMs + Rollouts.HOUR_MS;
    events.add(RolloutEvent.defined("more", againMs, "m", "test", "{}", "{}"));
    events.add(RolloutEvent.bare("again", againMs, "m", RolloutEvent.Kind.STAGE_ENTERED, "canary"));
    DefinitionReader reader =
        defined -> {
          RolloutSpec spec = Rollouts.spec("m", Assignment.MATCHED);
          List<Metric> metrics =
              defined.eventId().equals("more") ? spec.metrics() : spec.metrics().subList(1, 2);
          return new Definition(
              Rollouts.withMetrics(spec, metrics), Resolved.NONE, defined.eventId());
        };
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = events.stream().map(sequencer::next).toList();
    for (int known : new int[] {2, controls.size()}) {
      RolloutContext context =
          new RolloutContext(0, Timeline.of("m", controls.subList(0, known), reader));
      PostedCells batch = new PostedCells();
      Ledger ledger = new Ledger(6, batch::add);
      UnitState state = new UnitState();
      take(ledger, state, context, exposure("on", 1, 0));
      take(ledger, state, context, outcome("purchase", 2, 1));
      take(ledger, state, context, outcome("request", 3, 2));
      assertThat(used(batch, "m")).as("%d events known", known).isEqualTo(2);
    }
  }

  private static RolloutContext triggered() {
    return new RolloutContext(
        0,
        Timeline.of(
            "m",
            controls(),
            defined ->
                new Definition(
                    Rollouts.triggered(Rollouts.spec("m", Assignment.MATCHED), "request"),
                    Resolved.NONE,
                    "")));
  }

  @Test
  void a_unit_that_waits_for_its_trigger_is_mixed_once_it_enters() {
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, triggered(), exposure("on", 2, 1));
    take(ledger, state, triggered(), exposure("off", 3, 2));
    assertThat(counted(batch, CellKey.MIXED, 1)).isZero();
    take(ledger, state, triggered(), outcome("request", 4, 3));
    take(ledger, state, triggered(), exposure("off", 5, 4));
    assertThat(counted(batch, CellKey.MIXED, 1)).isPositive();
    assertThat(counted(batch, CellKey.MIXED, 1)).isEqualTo(counted(batch, CellKey.UNITS, 1));
  }

  @Test
  void a_unit_enters_at_its_trigger_in_the_variant_of_its_exposure() {
    RolloutContext context = triggered();
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    take(ledger, state, context, outcome("request", 1, 0));
    take(ledger, state, context, exposure("on", 2, 1));
    take(ledger, state, context, outcome("purchase", 3, 2));
    assertThat(counted(batch, CellKey.EXPOSED, 1)).isPositive();
    assertThat(counted(batch, CellKey.UNITS, 1)).isZero();
    take(ledger, state, context, outcome("request", 4, 3));
    take(ledger, state, context, outcome("request", 5, 4));
    take(ledger, state, context, outcome("purchase", 6, 5));
    assertThat(counted(batch, CellKey.UNITS, 1)).isEqualTo(counted(batch, CellKey.EXPOSED, 1));
    int conversion = 0;
    List<Long> converted = new ArrayList<>();
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          if (key.channel() == conversion && key.dimension() == -1) {
            converted.add(bucket);
          }
        });
    // The purchase before the trigger does not count.
    assertThat(converted).containsExactly(Rollouts.START_MS + 5 * Rollouts.HOUR_MS);
  }

  @Test
  void batch_jobs_see_the_same_entry_at_a_trigger() {
    RolloutContext context = triggered();
    List<Point> points =
        List.of(exposure("on", 2, 1), outcome("purchase", 3, 2), outcome("request", 4, 3));
    assertThat(UnitHistory.of(points, 6).entries(context))
        .singleElement()
        .satisfies(entry -> assertThat(entry.entryMs()).isEqualTo(points.get(2).timeMs));
  }

  private static List<ControlEvent> controls() {
    Sequencer sequencer = new Sequencer();
    return Rollouts.events("m").stream().map(sequencer::next).toList();
  }

  private static void fold(List<Point> points, RolloutIndex contexts, PostedCells batch) {
    Ledger ledger = new Ledger(6, batch::add);
    UnitState state = new UnitState();
    long newest = Long.MIN_VALUE;
    for (Point point : points) {
      newest = Math.max(newest, point.timeMs);
      long watermark = newest - BOUND_MS - 1;
      ledger.take(state, point.copy(), contexts, watermark, watermark);
    }
  }

  private static long used(PostedCells batch, String rollout) {
    long[] events = {0};
    CellBatch.read(
        batch.write(rollout),
        (bucket, key, sums) -> events[0] += key.channel() == CellKey.USED ? sums.units() : 0);
    return events[0];
  }

  private static long counted(PostedCells batch, int channel, int variant) {
    long[] units = {0};
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          if (key.channel() == channel && key.variant() == variant) {
            units[0] += sums.units();
          }
        });
    return units[0];
  }

  @Test
  void the_index_knows_which_rollouts_an_event_concerns() {
    List<RolloutContext> contexts = new ArrayList<>(contexts());
    contexts.add(new RolloutContext(2, Rollouts.timeline("m", Assignment.RAMPED)));
    RolloutIndex index = RolloutIndex.of(contexts);
    int concerned = 0;
    int asked = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      for (Point point : events(random)) {
        point.timeMs -= random.nextInt(10) == 0 ? Rollouts.DAY_MS : 0;
        point.name = random.nextInt(10) == 0 ? "another" : point.name;
        for (RolloutContext context : contexts) {
          boolean concerns = context.concerns(point);
          assertThat(index.concerns(context, point)).isEqualTo(concerns);
          concerned += concerns ? 1 : 0;
          asked++;
        }
      }
    }
    assertThat(concerned).isBetween(asked / 4, asked * 9 / 10);
  }

  @Test
  void events_before_the_first_stage_concern_no_rollout() {
    RolloutContext context = contexts().get(0);
    Point before = exposure("on", 1, 0);
    before.timeMs = context.timeline().attempts().get(0).startMs() - 1;
    Point at = before.copy();
    at.timeMs++;
    assertThat(context.concerns(before)).isFalse();
    assertThat(context.concerns(at)).isTrue();
    RolloutContext defined =
        new RolloutContext(
            0,
            Timeline.of(
                "m",
                List.of(new Sequencer().next(Rollouts.events("m").get(0))),
                Rollouts.reader(Assignment.MATCHED)));
    assertThat(defined.concerns(at)).isFalse();
  }

  private static void take(Ledger ledger, UnitState state, RolloutContext context, Point point) {
    ledger.take(state, point, RolloutIndex.of(List.of(context)), Long.MIN_VALUE, Long.MIN_VALUE);
  }

  private static Point exposure(String variant, long id, int hours) {
    Point point = new Point();
    point.exposure = true;
    point.name = "m";
    point.variant = variant;
    point.idHash = id;
    point.timeMs = Rollouts.START_MS + 18 * 60_000L + hours * Rollouts.HOUR_MS;
    return point;
  }

  private static Point outcome(String name, long id, int hours) {
    Point point = exposure("", id, hours);
    point.exposure = false;
    point.name = name;
    point.valueMicros = 5_000_000;
    return point;
  }
}
