package io.tidegate.analysis.detect;

import io.tidegate.analysis.detect.Detection.Basis;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges a series row by row; a row's answer uses earlier rows only. The first week finds the
 * resolution and the scale and gets no answers. Not thread-safe.
 */
public final class Detector {
  private static final long WEEK = 7L * 24 * 3_600_000;
  private static final int FEWEST = 8;

  private final DetectorSettings settings;
  private long[] times = new long[256];
  private double[] values = new double[256];
  private int rows;
  private long lastTime = Long.MIN_VALUE;
  private @Nullable SeriesModel model;

  public Detector(DetectorSettings settings) {
    this.settings = settings;
  }

  /**
   * Judges the next row, then learns from it.
   *
   * @param epochMs start of its bucket, after the row before
   * @param value finite, or NaN where the row has none
   */
  public Detection next(long epochMs, double value) {
    if (epochMs <= lastTime || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "row at %d, value %s: rows ascend after %d and are finite or NaN"
              .formatted(epochMs, value, lastTime));
    }
    lastTime = epochMs;
    if (model == null && rows >= FEWEST && epochMs - times[0] >= WEEK) {
      model = learned();
    }
    if (model != null) {
      return model.next(epochMs, value);
    }
    if (rows == times.length) {
      times = Arrays.copyOf(times, 2 * rows);
      values = Arrays.copyOf(values, 2 * rows);
    }
    times[rows] = epochMs;
    values[rows++] = value;
    return Detection.UNKNOWN;
  }

  /**
   * The rows after the last one, as far as the horizon, each forecast from the row that many
   * before; empty where nothing can be said.
   */
  public List<Outlook> ahead() {
    return model == null ? List.of() : model.ahead();
  }

  /** Milliseconds from one row to the next as found in the first week; 0 before. */
  public long stepMs() {
    return model == null ? 0 : model.stepMs();
  }

  /** What the last answer could rest on. */
  public Basis basis() {
    return model == null ? Basis.NONE : model.basis();
  }

  private SeriesModel learned() {
    SeriesModel first =
        new SeriesModel(settings, Units.of(Arrays.copyOf(values, rows)), commonStep());
    for (int i = 0; i < rows; i++) {
      first.next(times[i], values[i]);
    }
    times = new long[0];
    values = new double[0];
    return first;
  }

  /** The most common distance of neighbours, the shorter of two. */
  private long commonStep() {
    Map<Long, Integer> counts = new HashMap<>();
    for (int i = 1; i < rows; i++) {
      counts.merge(times[i] - times[i - 1], 1, Integer::sum);
    }
    long best = Long.MAX_VALUE;
    int most = 0;
    for (Map.Entry<Long, Integer> each : counts.entrySet()) {
      if (each.getValue() > most || (each.getValue() == most && each.getKey() < best)) {
        best = each.getKey();
        most = each.getValue();
      }
    }
    return best;
  }
}
