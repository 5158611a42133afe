package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.impact.ImpactScope;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Drops events that no rollout of the scope reads, those past its end, and unread attributes. */
@SuppressWarnings("NullAway.Init")
public final class SelectPoints extends RichFlatMapFunction<Point, Point> {

  private static final long serialVersionUID = 1L;

  private final ImpactScope scope;
  private transient RolloutIndex rollouts;
  private transient EventTally unused;

  public SelectPoints(ImpactScope scope) {
    this.scope = scope;
  }

  @Override
  public void open(OpenContext context) {
    rollouts = RolloutIndex.of(scope.contexts());
    unused = EventTally.of(getRuntimeContext(), EventTally.UNUSED);
  }

  @Override
  public void flatMap(Point point, Collector<Point> out) {
    if (point.timeMs < scope.dataEndMs() && rollouts.keepSinceStart(point)) {
      out.collect(point);
    } else {
      unused.inc();
    }
  }
}
