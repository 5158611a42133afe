package io.tidegate.pipeline;

import io.tidegate.model.RolloutEvent;
import io.tidegate.operator.ArchivedFirst;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Archived history before what comes live. */
public final class Bootstrap {

  static final String ROLLOUTS = "gate/archived-rollouts";

  private Bootstrap() {}

  /**
   * The one partition of rollout events, its beginning from the archive.
   *
   * @param archived the beginning, in order
   * @param live the rest
   */
  public static DataStream<RolloutEvent> rollouts(
      List<RolloutEvent> archived, DataStream<RolloutEvent> live) {
    return live.transform(
            ROLLOUTS, TypeInformation.of(RolloutEvent.class), new ArchivedFirst(archived))
        .name(ROLLOUTS)
        .uid(ROLLOUTS)
        .forceNonParallel();
  }
}
