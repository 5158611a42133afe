package io.tidegate.serve;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What answers are made from.
 *
 * @param ready whether the topics were read to the end they had at the start
 * @param lag records not yet read, by topic
 * @param nowMs the wall clock
 */
record Situation(
    Board board,
    Ageing ageing,
    BooleanSupplier ready,
    Supplier<Map<String, Long>> lag,
    LongSupplier nowMs) {

  /** The answer about a rollout and stage as things are now. */
  Answer answer(String id, String stage) {
    if (!ready.getAsBoolean()) {
      return Answer.starting();
    }
    RolloutState state = board.shown(id);
    return state == null
        ? Answer.unknownRollout(id, board.ids())
        : Answer.of(state, stage, ageing, now());
  }

  /** A rollout as people and tools may see it: no small segment is named. */
  @Nullable RolloutState state(String id) {
    return board.shown(id);
  }

  Ageing.Age age(RolloutState state) {
    return ageing.of(state, now());
  }

  long now() {
    return nowMs.getAsLong();
  }
}
