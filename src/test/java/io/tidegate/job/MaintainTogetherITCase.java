package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Lists;
import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.MaintainConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of {@code maintain} at a time, beside a writer. */
class MaintainTogetherITCase {

  private static final long NOON = 1_767_614_400_000L;
  private static final long DAY = 86_400_000L;
  private static final int DAYS = 3;
  private static final int FILES_A_DAY = 12;
  private static final int ROUNDS = 4;

  @TempDir private Path folder;
  private int written;

  @Test
  void two_runs_beside_a_writer_lose_nothing_and_keep_what_results_name() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      TidegateConfig config =
          TidegateConfig.load(tables.configFile(), Map.of())
              .withMaintain(
                  new MaintainConfig(
                      Duration.ofHours(1).toMillis(), Duration.ofDays(90).toMillis(), 2));
      for (int file = 0; file < FILES_A_DAY; file++) {
        commit(tables);
      }
      List<Long> named = new CopyOnWriteArrayList<>();
      AtomicBoolean ended = new AtomicBoolean();
      CyclicBarrier together = new CyclicBarrier(2);
      // A round waits for a commit of its own, the first for two, however slow the writer is.
      Semaphore commits = new Semaphore(-2);
      ExecutorService threads = Executors.newFixedThreadPool(3);
      try {
        List<Future<?>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
          runs.add(
              threads.submit(
                  () -> {
                    for (int round = 0; round < ROUNDS; round++) {
                      commits.acquire();
                      together.await(60, TimeUnit.SECONDS);
                      MaintainJob.run(config, System.currentTimeMillis());
                    }
                    return null;
                  }));
        }
        Future<?> writer =
            threads.submit(
                () -> {
                  while (!ended.get()) {
                    commit(tables);
                    Long newest = IcebergTables.newestSnapshot(config, Tables.EXPOSURES);
                    tables.append(
                        Tables.BASELINES, List.of(Map.of("exposures_snapshot_id", newest)));
                    named.add(newest);
                    commits.release(2);
                  }
                  return null;
                });
        for (Future<?> run : runs) {
          run.get(5, TimeUnit.MINUTES);
        }
        ended.set(true);
        writer.get(1, TimeUnit.MINUTES);
      } finally {
        threads.shutdownNow();
      }
      assertThat(written).isGreaterThan(FILES_A_DAY * DAYS);
      assertThat(ids(config)).doesNotHaveDuplicates().hasSize(written);

      MaintainJob.run(config, System.currentTimeMillis());
      Table exposures = IcebergTables.load(config, Tables.EXPOSURES);
      assertThat(exposures.currentSnapshot().summary())
          .containsEntry("total-data-files", Integer.toString(DAYS));
      assertThat(ids(config)).doesNotHaveDuplicates().hasSize(written);
      assertThat(named).hasSizeGreaterThan(ROUNDS);
      assertThat(exposures.refs().keySet())
          .containsAll(named.stream().map(id -> "tidegate-result-" + id).toList());
    }
  }

  /** One row a day, each in a file of its own. */
  private void commit(TableFixture tables) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      rows.add(Map.of("event_id", "e" + written++, "event_time", NOON + day * DAY));
    }
    tables.append(Tables.EXPOSURES, rows);
  }

  private static List<String> ids(TidegateConfig config) throws IOException {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, Tables.EXPOSURES)).build()) {
      return Lists.newArrayList(rows).stream().map(row -> row.get(0, String.class)).toList();
    }
  }
}
