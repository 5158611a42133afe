package io.tidegate.codec;

import io.tidegate.model.DecisionEntry;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Origin;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.ReceivedSignal;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.SignalledEstimate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the tables of what the gate said, from the model and back; columns in the tables' order.
 * A row comes from Kafka (an origin, no run) or from a replay (a run, no origin).
 */
public final class GateRows {

  private static final int SIGNAL_COLUMNS = 36;
  private static final int ESTIMATE_COLUMNS = 36;
  private static final int DECISION_COLUMNS = 25;

  private GateRows() {}

  /** A row of {@code gate_signals}. */
  public static RowData signal(GateSignal s, @Nullable Origin origin, @Nullable String runId) {
    RowFiller row = new RowFiller(SIGNAL_COLUMNS);
    row.text(s.signalId());
    row.text(s.rolloutId()).number(s.attempt()).number(s.epoch()).text(s.stage());
    row.time(s.boundaryMs()).number(s.revision());
    row.text(s.supersedes()).text(s.dataHash()).text(s.verdict().name()).add(s.overridden());
    row.number(s.verdict().score()).add(s.percent()).add(reasons(s.reasons()));
    row.text(SignalCodec.estimates(s.evidence()));
    row.add(s.nextPercent());
    row.timeOrNull(s.nextLookMs() == Long.MAX_VALUE ? null : s.nextLookMs());
    row.text(s.restoreStage());
    RolloutEvent.Environment restore = s.restore();
    row.add(restore == null ? null : Fields.string(SignalCodec.environment(restore)));
    row.text(s.owner()).text(s.contact()).timeOrNull(s.respondByMs());
    row.add(Fields.list(s.missing())).text(s.specHash()).time(s.watermarkMs());
    row.add(s.baselinesSnapshotId());
    row.add(s.arrivals().used()).add(s.arrivals().duplicate());
    row.add(s.arrivals().late()).add(s.arrivals().mixed());
    row.text(new String(SignalCodec.signal(s), StandardCharsets.UTF_8));
    return row.origin(origin, runId).row();
  }

  public static RowData signal(ReceivedSignal received) {
    return signal(received.usable(), received.origin(), null);
  }

  /** The signal in a row of {@code gate_signals}; its revision is the row's. */
  public static GateSignal signal(RowData row) {
    try {
      return SignalCodec.readSignal(row.getString(30).toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the row of signal " + row.getString(0) + " is damaged", e);
    }
  }

  /** A row of {@code stage_estimates}. */
  public static RowData estimate(
      Estimate e, String signalId, @Nullable Origin origin, @Nullable String runId) {
    RowFiller row = new RowFiller(ESTIMATE_COLUMNS);
    row.text(e.rolloutId()).number(e.attempt()).number(e.epoch()).text(e.stage());
    row.time(e.boundaryMs()).number(e.revision());
    row.text(e.controlVariant()).text(e.treatmentVariant()).text(e.metric());
    row.text(e.dimension()).text(e.segment()).text(e.purpose().label());
    row.text(e.basis()).text(e.normalisation()).text(e.method()).add(e.alpha()).add(e.bound());
    row.add(e.control()).add(e.treatment());
    row.add(e.effectSize()).add(e.effectSizeLower()).add(e.effectSizeUpper());
    row.add(e.relEffectSize()).add(e.relEffectSizeLower()).add(e.relEffectSizeUpper());
    row.add(e.eValueLog()).add(e.pValue()).add(e.unitsControl()).add(e.unitsTreatment());
    row.text(e.reason()).text(signalId);
    return row.origin(origin, runId).row();
  }

  /** The estimate in a row of {@code stage_estimates}. */
  public static Estimate estimate(RowData row) {
    return new Estimate(
        row.getString(0).toString(),
        row.getInt(1),
        row.getInt(2),
        row.getString(3).toString(),
        Fields.time(row, 4),
        row.getInt(5),
        row.getString(6).toString(),
        row.getString(7).toString(),
        row.getString(8).toString(),
        row.getString(9).toString(),
        row.getString(10).toString(),
        Purpose.valueOf(row.getString(11).toString().toUpperCase(Locale.ROOT)),
        row.getString(12).toString(),
        row.getString(13).toString(),
        row.getString(14).toString(),
        row.getDouble(15),
        number(row, 16),
        number(row, 17),
        number(row, 18),
        number(row, 19),
        number(row, 20),
        number(row, 21),
        number(row, 22),
        number(row, 23),
        number(row, 24),
        number(row, 25),
        number(row, 26),
        row.getLong(27),
        row.getLong(28),
        row.getString(29).toString());
  }

  /** The signal that the estimate in a row stands behind. */
  public static String signalId(RowData estimateRow) {
    return estimateRow.getString(30).toString();
  }

  public static RowData estimate(SignalledEstimate signalled) {
    return estimate(signalled.estimate(), signalled.signalId(), signalled.origin(), null);
  }

  /** A row of {@code decision_log}. */
  public static RowData decision(DecisionEntry d) {
    RowFiller row = new RowFiller(DECISION_COLUMNS);
    row.text(d.decisionId()).time(d.eventTimeMs()).text(d.rolloutId()).number(d.attempt());
    row.add(d.epoch()).text(d.stage()).timeOrNull(d.boundaryMs()).add(d.revision());
    row.text(d.action()).text(d.actor()).text(d.verdict()).text(d.previousVerdict());
    row.add(Fields.list(d.codes())).text(d.sentence()).add(Fields.list(d.links()));
    row.add(Fields.stringOrNull(RolloutEventCodec.actionItems(d.actionItems())));
    row.text(d.signalId()).text(d.dataHash()).text(d.specHash()).add(d.baselinesSnapshotId());
    return row.origin(d.origin(), null).row();
  }

  private static GenericArrayData reasons(List<Reason> reasons) {
    Object[] rows =
        reasons.stream()
            .map(
                r ->
                    GenericRowData.of(
                        Fields.string(r.code()),
                        Fields.string(r.sentence()),
                        Fields.string(r.observed()),
                        Fields.string(r.threshold())))
            .toArray();
    return new GenericArrayData(rows);
  }

  private static @Nullable Double number(RowData row, int at) {
    return row.isNullAt(at) ? null : row.getDouble(at);
  }
}
