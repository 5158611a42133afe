package io.tidegate.codec;

import static io.tidegate.codec.Columns.BOOLEAN;
import static io.tidegate.codec.Columns.DOUBLE;
import static io.tidegate.codec.Columns.INT;
import static io.tidegate.codec.Columns.LONG;
import static io.tidegate.codec.Columns.STRING;
import static io.tidegate.codec.Columns.TIME;

/** Tables of what the gate said. */
final class GateTables {

  private GateTables() {}

  static final TableDefinition GATE_SIGNALS =
      new TableDefinition(
          Tables.GATE_SIGNALS,
          "one gate signal: a verdict with its evidence",
          signalKey(new Columns().required("signal_id", STRING, "deterministic id of the signal"))
              .required("supersedes", STRING, "signal that this one replaces; empty for none")
              .required("data_hash", STRING, "hash of everything that the data decided")
              .required("verdict", STRING, "ADVANCE, HOLD, REVIEW or ROLLBACK")
              .required("overridden", BOOLEAN, "whether a person set the verdict")
              .required("score", INT, "ADVANCE 100, HOLD and REVIEW 50, ROLLBACK 0")
              .required("stage_percent", DOUBLE, "share of traffic the stage treats, percent")
              .reasons("reasons", "why, in the order of judgement")
              .required("evidence", STRING, "JSON list of the estimates that decided")
              .optional("next_percent", DOUBLE, "recommended next percentage; null: none")
              .optional("next_look", TIME, "when another verdict is to be looked for")
              .required("restore_stage", STRING, "last good stage; empty for none")
              .optional("restore", STRING, "JSON of the environment of the last good stage")
              .required("owner", STRING, "team that owns the rollout")
              .required("contact", STRING, "where its people are reached")
              .optional("respond_by", TIME, "when somebody must have answered; null: nobody must")
              .stringList("missing", "what stands between this and ADVANCE")
              .required("spec_hash", STRING, "hash of the frozen spec")
              .required("watermark", TIME, "event time up to which the data are complete")
              .required("baselines_snapshot_id", LONG, "snapshot of baselines used; 0 for none")
              .required("used_events", LONG, "events used since the attempt began")
              .required("duplicate_events", LONG, "duplicates since the attempt began")
              .required("late_events", LONG, "late events since the attempt began")
              .required("mixed_units", LONG, "units seen in a second variant")
              .required("payload", STRING, "JSON of the message as sent")
              .maybeFromKafka()
              .schema(),
          "boundary");

  static final TableDefinition STAGE_ESTIMATES =
      new TableDefinition(
          Tables.STAGE_ESTIMATES,
          "the effect of a treatment against control on a metric at a boundary, for one purpose",
          contrast(
                  signalKey(new Columns())
                      .required("control_variant_id", STRING, "variant compared against")
                      .required("treatment_variant_id", STRING, "variant judged")
                      .required("metric", STRING, "metric's name")
                      .required("dimension", STRING, "segment's dimension; all for the whole")
                      .required("segment", STRING, "segment's value; * for the whole")
                      .required(
                          "purpose", STRING, "harm, deterioration, non_inferiority or success")
                      .required("basis", STRING, "concurrent or baseline")
                      .required("normalisation", STRING, "raw, season or mix")
                      .required("estimator", STRING, "test behind the bounds")
                      .required("alpha", DOUBLE, "level of the bounds")
                      .optional("bound", DOUBLE, "margin tested, toward harm; null for none"))
              .optional("e_value_log", DOUBLE, "natural log of the e-value against the null")
              .optional("p_value", DOUBLE, "always-valid p-value")
              .required("units_control", LONG, "units in control")
              .required("units_treatment", LONG, "units in the treatment")
              .required("cannot_say", STRING, "why a number is missing; empty if none is")
              .required("signal_id", STRING, "signal that this estimate stands behind")
              .maybeFromKafka()
              .schema(),
          "boundary");

  static final TableDefinition DECISION_LOG =
      new TableDefinition(
          Tables.DECISION_LOG,
          "one change of verdict, or one decision or note of a person",
          new Columns()
              .required("decision_id", STRING, "id of the entry")
              .required(
                  "event_time", TIME, "when it was decided: the boundary, or when a person did")
              .required("rollout_id", STRING, "rollout")
              .required("attempt", INT, "attempt it concerns; 0 if a person did not state it")
              .optional("epoch", INT, "index of the stage; null for a person's entry")
              .required("stage", STRING, "name of the stage; empty if a person did not state it")
              .optional("boundary", TIME, "boundary of the signal; null for a person's entry")
              .optional("revision", INT, "revision of the signal; null for a person's entry")
              .required("action", STRING, "verdict, approve, override or note")
              .required("actor", STRING, "gate, or who decided")
              .required("verdict", STRING, "verdict from then on; empty for a note")
              .required("previous_verdict", STRING, "verdict until then; empty for the first")
              .stringList("codes", "reason codes of the verdict, or those approved")
              .required("sentence", STRING, "rationale for a person")
              .stringList("links", "addresses of the discussion")
              .optional("action_items", STRING, "JSON list of {text, owner, due}")
              .required("signal_id", STRING, "signal it concerns; empty for none")
              .required("data_hash", STRING, "hash of what the data decided; empty for none")
              .required("spec_hash", STRING, "hash of the frozen spec")
              .required("baselines_snapshot_id", LONG, "snapshot of baselines used; 0 for none")
              .maybeFromKafka()
              .schema(),
          "event_time");

  private static Columns signalKey(Columns columns) {
    return columns
        .required("rollout_id", STRING, "rollout")
        .required("attempt", INT, "1 for the first; entering again after a rollback is a new one")
        .required("epoch", INT, "index of the stage, from 0")
        .required("stage", STRING, "name of the stage")
        .required("boundary", TIME, "everything before this event time was evaluated")
        .required("revision", INT, "0 for the live result; a replay that differs adds one");
  }

  static Columns contrast(Columns columns) {
    return columns
        .optional("control", DOUBLE, "metric in control; null: cannot be said")
        .optional("treatment", DOUBLE, "metric in the treatment")
        .optional("effect_size", DOUBLE, "treatment less control")
        .optional("effect_size_lower", DOUBLE, "its lower bound; null: unbounded")
        .optional("effect_size_upper", DOUBLE, "its upper bound; null: unbounded")
        .optional("rel_effect_size", DOUBLE, "treatment over control, less 1")
        .optional("rel_effect_size_lower", DOUBLE, "its lower bound; null: unbounded")
        .optional("rel_effect_size_upper", DOUBLE, "its upper bound; null: unbounded");
  }
}
