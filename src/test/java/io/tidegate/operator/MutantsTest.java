package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.DeltaSink;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Timeline;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults planted in the simulated job, each of which must be found by the sorted replay. */
class MutantsTest {

  private static final int SEEDS = 40;

  /** Everything is counted one bucket early. */
  private static final class BucketBefore extends Planted {
    @Override
    DeltaSink changes(DeltaSink sink, SimulatedWorld world, Random random) {
      return delta -> {
        for (Timeline timeline : world.timelines) {
          if (timeline.rolloutId().equals(delta.rolloutId)) {
            delta.bucketMs = timeline.floorBoundary(delta.bucketMs - 1);
          }
        }
        sink.post(delta);
      };
    }
  }

  /** Intervals closed on the wrong side: an event at a boundary is counted before it. */
  private static final class ClosedInterval extends Planted {
    @Override
    Point arrives(Point point, SimulatedWorld world, Random random) {
      if (world.timelines.stream().anyMatch(t -> t.floorBoundary(point.timeMs) == point.timeMs)) {
        point.timeMs--;
      }
      return point;
    }
  }

  /** One copy in ten is not known for one. */
  private static final class ForgottenId extends Planted {
    @Override
    Point arrives(Point point, SimulatedWorld world, Random random) {
      if (random.nextInt(10) == 0) {
        point.idHash = random.nextLong();
      }
      return point;
    }
  }

  /** One event in thirty is taken for a copy of another, and is lost. */
  private static final class TakenForCopy extends Planted {
    @Override
    @Nullable Point arrives(Point point, SimulatedWorld world, Random random) {
      return random.nextInt(30) == 0 ? null : point;
    }
  }

  /** A timer that goes off now and then evaluates what the watermark has not reached. */
  private static final class EarlyTimer extends Planted {
    @Override
    long due(long watermarkMs, Random random) {
      return random.nextInt(10) == 0 ? watermarkMs + 3_600_000L : watermarkMs;
    }
  }

  /** Sums sent again after a failure are added again. */
  private static final class DoubleSum extends Planted {
    @Override
    void sums(byte[] cells, Consumer<byte[]> gate, Random random) {
      gate.accept(cells);
      if (random.nextInt(20) == 0) {
        gate.accept(cells);
      }
    }
  }

  private static Stream<Named<Planted>> mutants() {
    return Stream.of(
            new BucketBefore(),
            new ClosedInterval(),
            new ForgottenId(),
            new TakenForCopy(),
            new EarlyTimer(),
            new DoubleSum())
        .map(mutant -> Named.of(mutant.getClass().getSimpleName(), mutant));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void is_caught(Planted mutant) {
    assertThat(IntStream.range(0, SEEDS).anyMatch(seed -> catches(seed, mutant)))
        .as("one of %d seeds", SEEDS)
        .isTrue();
  }

  private static boolean catches(int seed, Planted mutant) {
    SimulatedWorld world = new SimulatedWorld(seed, false);
    try {
      SimulatedResult streamed = SimulatedJob.run(world, mutant);
      return !SortedReplay.run(world, p -> true).differs(streamed).isEmpty();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("moments of a difference, not of a population");
      return true;
    }
  }
}
