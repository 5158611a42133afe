package io.tidegate.connector.imports;

import io.tidegate.codec.EventEncoder;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.spec.ImportMapping;
import io.tidegate.spec.ImportMapping.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file by a mapping and hands its events over in the order of time. A row that cannot be
 * used gives no event at all and is reported with its reason.
 */
public final class Importer {

  private static final int MEMORY_EVENTS = 200_000;

  private final ImportMapping mapping;
  private final Path file;
  private final Consumer<Rejected> rejects;
  private final int memoryEvents;
  private final EventEncoder encoder = new EventEncoder();
  private final Map<DeadLetterReason, Long> rejected = new TreeMap<>();
  private long exposures;
  private long outcomes;
  private long lastMs = Long.MIN_VALUE;
  private long firstMs = Long.MAX_VALUE;

  /** A row that was not used. */
  public record Rejected(String file, long row, DeadLetterReason reason, String problem) {}

  /** Takes an event in canonical JSON; events come in the order of time. */
  public interface Sink {
    void event(boolean exposure, long timeMs, String unitId, byte[] json) throws IOException;
  }

  /**
   * What was read and handed over; {@code rows} = used rows + rejected rows.
   *
   * @param firstMs time of the first event; {@link Long#MAX_VALUE} without events
   * @param lastMs time of the last event; {@link Long#MIN_VALUE} without events
   */
  public record Summary(
      long rows,
      long exposures,
      long outcomes,
      Map<DeadLetterReason, Long> rejected,
      long firstMs,
      long lastMs) {
    public Summary {
      rejected = Map.copyOf(rejected);
    }

    public long rejectedRows() {
      return rejected.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public Importer(ImportMapping mapping, Path file, Consumer<Rejected> rejects) {
    this(mapping, file, rejects, MEMORY_EVENTS);
  }

  Importer(ImportMapping mapping, Path file, Consumer<Rejected> rejects, int memoryEvents) {
    this.mapping = mapping;
    this.file = file;
    this.rejects = rejects;
    this.memoryEvents = memoryEvents;
  }

  /** Reads the file once, or twice where the mapping ranks units or looks for their first row. */
  public Summary run(Sink sink) {
    try (EventSpill spill = new EventSpill(memoryEvents)) {
      UnitTimes times = new UnitTimes();
      if (mapping.rowPerEvent() || rank() != null) {
        pass((row, mapper) -> learn(row, mapper, times), (row, problem) -> {});
        times.finish();
      }
      long rows = pass((row, mapper) -> events(row, mapper, times, spill), this::reject);
      spill.drain(
          entry -> {
            firstMs = Math.min(firstMs, entry.timeMs());
            lastMs = entry.timeMs();
            sink.event(entry.exposure(), entry.timeMs(), entry.unitId(), entry.json());
          });
      return new Summary(rows, exposures, outcomes, rejected, firstMs, lastMs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What to do with a row. */
  private interface Step {
    void accept(Row row, RowMapper mapper) throws BadRow, IOException;
  }

  /** What to do with a row that cannot be used. */
  private interface Refusal {
    void accept(long row, BadRow problem);
  }

  /** Goes through the file once; returns the number of its rows. */
  private long pass(Step step, Refusal refusal) throws IOException {
    try (Rows rows = Rows.open(file, mapping.input())) {
      RowMapper mapper = new RowMapper(mapping, rows.columns(), file.getFileName().toString());
      for (long number = 1; ; number++) {
        try {
          Row row = rows.next();
          if (row == null) {
            return number - 1;
          }
          step.accept(row, mapper);
        } catch (BadRow problem) {
          refusal.accept(number, problem);
        }
      }
    }
  }

  private void learn(Row row, RowMapper mapper, UnitTimes times) throws BadRow {
    if (!mapping.rowPerEvent()) {
      times.addKey(mapper.rankKey(row));
      return;
    }
    String unit = mapper.unit(row);
    long timeMs = mapper.exposedAtMs(row);
    mapper.exposure(row, unit, timeMs);
    mapper.outcomes(row, unit, timeMs);
    times.addRow(unit, timeMs, row.number());
  }

  private void events(Row row, RowMapper mapper, UnitTimes times, EventSpill spill)
      throws BadRow, IOException {
    String unit = mapper.unit(row);
    boolean exposes = true;
    long exposedMs;
    if (mapping.exposure().clock() instanceof Clock.Ranked clock) {
      exposedMs =
          rank() == null
              ? UnitTimes.timeMs(clock, row.number() - 1)
              : times.rankedMs(clock, mapper.rankKey(row));
    } else {
      exposedMs = mapper.exposedAtMs(row);
    }
    mapper.exposure(row, unit, exposedMs);
    if (mapping.rowPerEvent()) {
      // Every check that the first pass made comes before the question, so that it has an answer.
      mapper.outcomes(row, unit, exposedMs);
      UnitTimes.First first = times.firstOf(unit);
      exposedMs = first.timeMs();
      exposes = first.row() == row.number();
    }
    Exposure exposure = mapper.exposure(row, unit, exposedMs);
    List<Outcome> events = mapper.outcomes(row, unit, exposedMs);
    if (exposes) {
      exposures++;
      spill.add(exposedMs, true, unit, encoder.exposure(exposure));
    }
    for (Outcome event : events) {
      outcomes++;
      spill.add(event.eventTimeMs(), false, unit, encoder.outcome(event));
    }
  }

  private ImportMapping.@Nullable Text rank() {
    return mapping.exposure().clock() instanceof Clock.Ranked ranked ? ranked.rank() : null;
  }

  private void reject(long row, BadRow problem) {
    rejected.merge(problem.reason(), 1L, Long::sum);
    rejects.accept(
        new Rejected(file.toString(), row, problem.reason(), String.valueOf(problem.getMessage())));
  }
}
