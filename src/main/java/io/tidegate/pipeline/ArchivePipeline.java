package io.tidegate.pipeline;

import io.tidegate.analysis.archive.DecisionLog;
import io.tidegate.model.Archived;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.DecisionEntry;
import io.tidegate.model.EmptyAhead;
import io.tidegate.model.Estimate;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.ReadPosition;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedEvidence;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedIncident;
import io.tidegate.model.ReceivedLateEvent;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.ReceivedSignal;
import io.tidegate.model.SignalledEstimate;
import io.tidegate.operator.LastRead;
import io.tidegate.operator.LogVerdicts;
import io.tidegate.operator.RecordPositions;
import io.tidegate.operator.SetAside;
import io.tidegate.operator.SieveTicks;
import io.tidegate.operator.TallyHours;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;

/** The archive: what came over Kafka in, rows for the tables and dead letters out. */
public final class ArchivePipeline {

  static final String EXPOSURES = "archive/usable-exposures";
  static final String OUTCOMES = "archive/usable-outcomes";
  static final String ROLLOUTS = "archive/sieve-ticks";
  static final String SIGNALS = "archive/usable-signals";
  static final String EVIDENCE = "archive/usable-evidence";
  static final String LATE = "archive/usable-late-events";
  static final String INCIDENTS = "archive/usable-incidents";
  static final String POSITIONS = "archive/record-positions";
  static final String HOURS = "archive/tally-hours";
  static final String ESTIMATES = "archive/split-evidence";
  static final String VERDICTS = "archive/log-verdicts";
  static final String DECISIONS = "archive/log-decisions";

  /** Records as they came. */
  public record Inputs(
      DataStream<ReceivedExposure> exposures,
      DataStream<ReceivedOutcome> outcomes,
      DataStream<ReceivedRolloutEvent> rollouts,
      DataStream<ReceivedSignal> signals,
      DataStream<ReceivedEvidence> evidence,
      DataStream<ReceivedLateEvent> late,
      DataStream<ReceivedIncident> incidents) {}

  /** What is to be kept. */
  public record Outputs(
      DataStream<ReceivedExposure> exposures,
      DataStream<ReceivedOutcome> outcomes,
      DataStream<ReceivedRolloutEvent> rollouts,
      DataStream<HourlyCount> hours,
      DataStream<ReceivedSignal> signals,
      DataStream<SignalledEstimate> estimates,
      DataStream<DecisionEntry> decisions,
      DataStream<ReceivedLateEvent> late,
      DataStream<ReceivedIncident> incidents,
      DataStream<ReadPosition> positions,
      DataStream<DeadLetter> deadLetters) {}

  private ArchivePipeline() {}

  /**
   * @param archived what tables and dead letters hold already
   * @param before how far the tables say that each partition was read before
   * @param ahead looks ahead in the topics
   * @param dimensions attributes of outcomes to count by
   */
  public static Outputs build(
      Inputs from,
      Archived archived,
      List<ReadPosition> before,
      EmptyAhead ahead,
      List<String> dimensions) {
    List<DataStream<ReadPosition>> read = new ArrayList<>();
    Inputs in =
        new Inputs(
            read(from.exposures(), ReceivedExposure.class, "exposures", read),
            read(from.outcomes(), ReceivedOutcome.class, "outcomes", read),
            read(from.rollouts(), ReceivedRolloutEvent.class, "rollouts", read),
            read(from.signals(), ReceivedSignal.class, "signals", read),
            read(from.evidence(), ReceivedEvidence.class, "evidence", read),
            read(from.late(), ReceivedLateEvent.class, "late-events", read),
            read(from.incidents(), ReceivedIncident.class, "incidents", read));
    SingleOutputStreamOperator<ReceivedExposure> exposures =
        usable(in.exposures(), archived, ReceivedExposure.class, EXPOSURES);
    SingleOutputStreamOperator<ReceivedOutcome> outcomes =
        usable(in.outcomes(), archived, ReceivedOutcome.class, OUTCOMES);
    SingleOutputStreamOperator<ReceivedRolloutEvent> rollouts =
        in.rollouts()
            .transform(
                ROLLOUTS, TypeInformation.of(ReceivedRolloutEvent.class), new SieveTicks(archived))
            .uid(ROLLOUTS)
            .forceNonParallel();
    SingleOutputStreamOperator<ReceivedSignal> signals =
        usable(in.signals(), archived, ReceivedSignal.class, SIGNALS);
    SingleOutputStreamOperator<ReceivedEvidence> evidence =
        usable(in.evidence(), archived, ReceivedEvidence.class, EVIDENCE);
    SingleOutputStreamOperator<ReceivedLateEvent> late =
        usable(in.late(), archived, ReceivedLateEvent.class, LATE);
    SingleOutputStreamOperator<ReceivedIncident> incidents =
        usable(in.incidents(), archived, ReceivedIncident.class, INCIDENTS);
    return new Outputs(
        exposures,
        outcomes,
        rollouts,
        hours(outcomes, dimensions),
        signals,
        estimates(evidence),
        verdicts(signals).union(decisions(rollouts)),
        late,
        incidents,
        positions(read, before, ahead),
        deadLetters(exposures)
            .union(
                deadLetters(outcomes),
                deadLetters(rollouts),
                deadLetters(signals),
                deadLetters(evidence),
                deadLetters(late),
                deadLetters(incidents)));
  }

  private static <T extends Received> DataStream<T> read(
      DataStream<T> in, Class<T> type, String topic, List<DataStream<ReadPosition>> positions) {
    String name = "archive/last-read-" + topic;
    SingleOutputStreamOperator<T> out =
        in.transform(name, TypeInformation.of(type), new LastRead<T>()).uid(name);
    positions.add(out.getSideOutput(LastRead.POSITIONS));
    return out;
  }

  private static DataStream<ReadPosition> positions(
      List<DataStream<ReadPosition>> read, List<ReadPosition> before, EmptyAhead ahead) {
    return read.stream()
        .reduce(DataStream::union)
        .orElseThrow()
        .transform(
            POSITIONS, TypeInformation.of(ReadPosition.class), new RecordPositions(before, ahead))
        .uid(POSITIONS)
        .forceNonParallel();
  }

  private static <T extends Received> SingleOutputStreamOperator<T> usable(
      DataStream<T> in, Archived archived, Class<T> type, String name) {
    return in.process(new SetAside<T>(archived), TypeInformation.of(type)).name(name).uid(name);
  }

  private static DataStream<DeadLetter> deadLetters(SingleOutputStreamOperator<?> stream) {
    return stream.getSideOutput(SetAside.DEAD_LETTERS);
  }

  private static DataStream<HourlyCount> hours(
      DataStream<ReceivedOutcome> outcomes, List<String> dimensions) {
    return outcomes
        .transform(HOURS, TypeInformation.of(HourlyCount.class), new TallyHours(dimensions))
        .uid(HOURS);
  }

  private static DataStream<SignalledEstimate> estimates(DataStream<ReceivedEvidence> evidence) {
    return evidence
        .flatMap(
            (ReceivedEvidence received, Collector<SignalledEstimate> out) -> {
              for (Estimate estimate : received.estimates()) {
                out.collect(
                    new SignalledEstimate(received.origin(), received.signalId(), estimate));
              }
            },
            TypeInformation.of(SignalledEstimate.class))
        .name(ESTIMATES)
        .uid(ESTIMATES);
  }

  private static DataStream<DecisionEntry> verdicts(DataStream<ReceivedSignal> signals) {
    return signals
        .keyBy(record -> record.usable().rolloutId(), Types.STRING)
        .process(new LogVerdicts(), TypeInformation.of(DecisionEntry.class))
        .name(VERDICTS)
        .uid(VERDICTS);
  }

  private static DataStream<DecisionEntry> decisions(DataStream<ReceivedRolloutEvent> rollouts) {
    return rollouts
        .flatMap(
            (ReceivedRolloutEvent record, Collector<DecisionEntry> out) ->
                DecisionLog.of(record.usable(), record.origin()).ifPresent(out::collect),
            TypeInformation.of(DecisionEntry.class))
        .name(DECISIONS)
        .uid(DECISIONS);
  }
}
