package io.tidegate.cli.rehearse;

import io.tidegate.model.History;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.simulate.SpecWorld;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/** What eight weeks of a {@link SpecWorld} in which nothing happens would have taught. */
record WorldHistory(SpecWorld world, double unitsPerDay) implements History {

  private static final double WEEKS = 8;
  private static final double DISPERSION = 0.01;

  @Override
  public long snapshotId() {
    return 1;
  }

  @Override
  public double unitsPerDay(RolloutSpec spec) {
    return unitsPerDay;
  }

  /** Base rates are learnt by the gate itself; a quantile's threshold must be known. */
  @Override
  public Resolved.@Nullable MetricBase base(RolloutSpec spec, Metric metric) {
    if (!(metric.kind() instanceof MetricKind.Quantile quantile)) {
      return null;
    }
    double above = 1 - quantile.quantile();
    double z = new NormalDistribution().inverseCumulativeProbability(quantile.quantile());
    double number = world.perVisit(quantile.outcome().outcome());
    return new Resolved.MetricBase(
        above,
        above * (1 - above) / number,
        1 - StrictMath.pow(1 - above, number),
        Map.of("all=*", SpecWorld.quantile(z, quantile.measure() != null)));
  }

  @Override
  public List<String> largest(String dimension, int count) {
    return names(dimension, count);
  }

  /** Values of a dimension whose values history would name. */
  static List<String> names(String dimension, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> dimension + "-" + i).toList();
  }

  @Override
  public Seasonal seasonal(RolloutSpec spec, Map<String, List<String>> segments) {
    Map<String, Seasonal.Volume> volumes = new HashMap<>();
    for (String outcome : spec.outcomeNames()) {
      volumes.put(outcome, new Seasonal.Volume(hours(world.perDay(outcome) / 24), DISPERSION));
    }
    return new Seasonal("UTC", WEEKS, hours(unitsPerDay / 24), Map.of(), Map.of(), volumes);
  }

  private static List<Double> hours(double perHour) {
    return Collections.nCopies(Seasonal.HOURS, perHour);
  }
}
