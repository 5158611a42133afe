package io.tidegate.cli.bench;

import io.tidegate.codec.SignalCodec;
import io.tidegate.job.GateJob;
import io.tidegate.model.Estimate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The product: the gate job as it is deployed, with its signals and evidence. */
final class GateEngine implements Engine {

  private static final Set<String> METRICS = Set.of("conversion", "requests", "revenue", "errors");
  private static final double MICROS = 1e6;

  private final URI cluster;

  GateEngine(URI cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return "gate";
  }

  @Override
  public Run run(World.Written world) throws Exception {
    Map<String, Map<String, Estimate>> last = new HashMap<>();
    FlinkRun run =
        new FlinkRun(
            cluster, world.config().kafka(), world.config().kafka().topics().gateEvidence());
    FlinkRun.Done done =
        run.execute(
            GateJob.environment(world.config()),
            "gate",
            record -> {
              try {
                for (Estimate row : SignalCodec.readEvidence(record.value()).estimates()) {
                  if (row.boundaryMs() == world.endMs()
                      && row.segment().equals("*")
                      && row.control() != null
                      && row.treatment() != null) {
                    last.computeIfAbsent(row.rolloutId(), id -> new HashMap<>())
                        .put(row.metric(), row);
                  }
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
    return new Run(done.lap(), found, done.stateBytes());
  }

  /** The sums behind the means of the last boundary. */
  private static Totals totals(Map<String, Estimate> rows, boolean treatment) {
    Estimate conversion = row(rows, "conversion");
    long units = treatment ? conversion.unitsTreatment() : conversion.unitsControl();
    long requests = Math.round(value(row(rows, "requests"), treatment) * units);
    return new Totals(
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
