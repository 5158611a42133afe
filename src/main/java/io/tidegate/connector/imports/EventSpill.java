package io.tidegate.connector.imports;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts encoded events by time, exposures first, then by the order they came in, on disk beyond
 * {@code memoryEvents}: a stream must be in the order of time, a file need not be.
 */
final class EventSpill implements AutoCloseable {

  private static final Comparator<Entry> ORDER =
      Comparator.comparingLong(Entry::timeMs)
          .thenComparing(Entry::exposure, Comparator.reverseOrder())
          .thenComparingLong(Entry::order);

  private final int memoryEvents;
  private final List<Path> runs = new ArrayList<>();
  private List<Entry> held = new ArrayList<>();
  private long order;

  /** An event in canonical JSON. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are not changed
  record Entry(long timeMs, boolean exposure, long order, String unitId, byte[] json) {}

  /** Takes entries in order. */
  interface Taker {
    void take(Entry entry) throws IOException;
  }

  EventSpill(int memoryEvents) {
    this.memoryEvents = memoryEvents;
  }

  void add(long timeMs, boolean exposure, String unitId, byte[] json) throws IOException {
    held.add(new Entry(timeMs, exposure, order++, unitId, json));
    if (held.size() >= memoryEvents) {
      spill();
    }
  }

  long size() {
    return order;
  }

  /** Hands over everything in order. */
  void drain(Taker taker) throws IOException {
    held.sort(ORDER);
    List<Run> open = new ArrayList<>();
    PriorityQueue<Run> queue = new PriorityQueue<>(Comparator.comparing(Run::first, ORDER));
    try {
      open.add(new Run(held));
      for (Path run : runs) {
        open.add(new Run(run));
      }
      for (Run run : open) {
        if (run.advance()) {
          queue.add(run);
        }
      }
      for (Run next = queue.poll(); next != null; next = queue.poll()) {
        taker.take(next.first());
        if (next.advance()) {
          queue.add(next);
        }
      }
    } finally {
      for (Run run : open) {
        run.close();
      }
    }
  }

  private void spill() throws IOException {
    held.sort(ORDER);
    Path run = Files.createTempFile("tidegate-import-", ".run");
    runs.add(run);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), 1 << 16))) {
      for (Entry entry : held) {
        byte[] unit = entry.unitId().getBytes(StandardCharsets.UTF_8);
        out.writeLong(entry.timeMs());
        out.writeBoolean(entry.exposure());
        out.writeLong(entry.order());
        out.writeInt(unit.length);
        out.write(unit);
        out.writeInt(entry.json().length);
        out.write(entry.json());
      }
    }
    held = new ArrayList<>();
  }

  /** Entries in order, from memory or from a file. */
  private static final class Run implements AutoCloseable {

    private final List<Entry> memory;
    private final @Nullable DataInputStream file;
    private int next;
    private @Nullable Entry first;

    Run(List<Entry> memory) {
      this.memory = memory;
      this.file = null;
    }

    Run(Path run) throws IOException {
      this.memory = List.of();
      this.file = new DataInputStream(new BufferedInputStream(Files.newInputStream(run), 1 << 16));
    }

    Entry first() {
      if (first == null) {
        throw new IllegalStateException("no entry was read");
      }
      return first;
    }

    /** Moves to the next entry; false at the end. */
    boolean advance() throws IOException {
      first = file == null ? fromMemory() : fromFile(file);
      return first != null;
    }

    private @Nullable Entry fromMemory() {
      return next < memory.size() ? memory.get(next++) : null;
    }

    private static @Nullable Entry fromFile(DataInputStream in) throws IOException {
      long timeMs;
      try {
        timeMs = in.readLong();
      } catch (EOFException e) {
        return null;
      }
      boolean exposure = in.readBoolean();
      long order = in.readLong();
      String unit = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      return new Entry(timeMs, exposure, order, unit, in.readNBytes(in.readInt()));
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }

  @Override
  public void close() {
    for (Path run : runs) {
      try {
        Files.deleteIfExists(run);
      } catch (IOException e) {
        run.toFile().deleteOnExit();
      }
    }
  }
}
