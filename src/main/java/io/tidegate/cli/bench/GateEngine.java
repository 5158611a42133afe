package io.tidegate.cli.bench;

import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.GateJob;
import io.tidegate.model.Estimate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The product: the gate job as it is deployed, with its signals and evidence. */
final class GateEngine implements Engine {

  private static final Set<String> METRICS = Set.of("conversion", "requests", "revenue", "errors");
  private static final double MICROS = 1e6;

  /** Whole checkpoints, so that their size is the state's. */
  private static final Map<String, String> ROCKSDB =
      Map.of(
          "state.backend.type", "rocksdb",
          "execution.checkpointing.incremental", "false",
          "state.backend.rocksdb.memory.fixed-per-slot", "128mb");

  private final URI cluster;
  private final String name;
  private final Map<String, String> flink;

  private GateEngine(URI cluster, String name, Map<String, String> flink) {
    this.cluster = cluster;
    this.name = name;
    this.flink = flink;
  }

  /** With its state on the heap, as unless configured. */
  static GateEngine onHeap(URI cluster) {
    return new GateEngine(cluster, "gate", Map.of());
  }

  /** In the profile for state beyond memory. */
  static GateEngine inRocksDb(URI cluster) {
    return new GateEngine(cluster, "gate_rocksdb", ROCKSDB);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean keepsIds() {
    return true;
  }

  @Override
  public Run run(World.Written world) throws Exception {
    TidegateConfig config = world.config().withRuntime(world.config().runtime().withFlink(flink));
    String signals = config.kafka().topics().gateSignals();
    Map<String, Map<String, Estimate>> last = new HashMap<>();
    CellMeans means = new CellMeans();
    List<Long> boundaries = new ArrayList<>();
    FlinkRun run =
        new FlinkRun(
            cluster, config.kafka(), List.of(signals, config.kafka().topics().gateEvidence()));
    FlinkRun.Done done =
        run.execute(
            GateJob.environment(config),
            name(),
            record -> {
              try {
                if (record.topic().equals(signals)) {
                  boundaries.add(SignalCodec.readSignal(record.value()).boundaryMs());
                } else {
                  keepLast(last, means, record.value(), world.endMs());
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Map<String, Totals> found = new TreeMap<>();
    last.forEach(
        (rollout, rows) -> {
          if (rows.keySet().containsAll(METRICS)) {
            found.put(Totals.key(rollout, World.VARIANTS[0]), totals(rows, false));
            found.put(Totals.key(rollout, World.VARIANTS[1]), totals(rows, true));
          }
        });
    means.require(name(), world.cells());
    return new Run(done.lap(), found, done.stateBytes(), refreshes(boundaries));
  }

  private static void keepLast(
      Map<String, Map<String, Estimate>> last, CellMeans means, byte[] evidence, long endMs)
      throws IOException {
    for (Estimate row : SignalCodec.readEvidence(evidence).estimates()) {
      if (row.boundaryMs() == endMs && row.control() != null && row.treatment() != null) {
        means.add(row);
        if (row.segment().equals("*")) {
          last.computeIfAbsent(row.rolloutId(), id -> new HashMap<>()).put(row.metric(), row);
        }
      }
    }
  }

  /** When each boundary's last signal was sent: signals stand in the topic as they were sent. */
  private static NavigableMap<Long, Double> refreshes(List<Long> boundaries) {
    List<Double> sent = Stopwatch.sent();
    if (sent.size() != boundaries.size()) {
      throw new IllegalStateException(
          sent.size() + " signals were sent and " + boundaries.size() + " are in the topic");
    }
    NavigableMap<Long, Double> refreshes = new TreeMap<>();
    for (int i = 0; i < sent.size(); i++) {
      refreshes.put(boundaries.get(i), sent.get(i));
    }
    return refreshes;
  }

  /** The sums behind the means of the last boundary. */
  private static Totals totals(Map<String, Estimate> rows, boolean treatment) {
    Estimate conversion = row(rows, "conversion");
    long units = treatment ? conversion.unitsTreatment() : conversion.unitsControl();
    long requests = Math.round(value(row(rows, "requests"), treatment) * units);
    return Totals.of(
        units,
        Math.round(value(conversion, treatment) * units),
        requests,
        Math.round(value(row(rows, "revenue"), treatment) * units * MICROS),
        Math.round(value(row(rows, "errors"), treatment) * requests));
  }

  private static Estimate row(Map<String, Estimate> rows, String metric) {
    Estimate row = rows.get(metric);
    if (row == null) {
      throw new IllegalStateException("the gate's last evidence lacks " + metric);
    }
    return row;
  }

  private static double value(Estimate row, boolean treatment) {
    Double value = treatment ? row.treatment() : row.control();
    return value == null ? Double.NaN : value;
  }
}
