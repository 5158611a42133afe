-- Question: why was this rolled back?
-- One row is: a reason of the first ROLLBACK of an attempt, those that decided it first, then what
-- else was found at that boundary. decisive = true keeps the former.
-- Columns
--   rollout_id, attempt, stage
--   boundary                         decided on the data before this event time (UTC)
--   decisive                         whether the reason alone makes it a ROLLBACK
--   reason_code, sentence, observed, threshold   the reason as the gate gave it
--   metric, dimension, segment       what a reason of harm is about; empty for others, and for a
--                                    segment that is too small to be named
--   treatment_variant_id             the treatment that does the harm: of several that which the
--                                    reason names, or else that with the evidence which it states
--   rel_effect_size, _lower, _upper  its effect there, as a fraction of control; the bounds hold at
--                                    every look
--   e_value_log                      natural log of the evidence against "no harm"
--   restore_stage                    stage to go back to; empty for none
WITH first_rollback AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt ORDER BY boundary, revision DESC) AS place
  FROM gate_signals
  WHERE verdict = 'ROLLBACK'
), reasons AS (
  SELECT r.rollout_id, r.attempt, r.stage, r.boundary, r.restore_stage,
      CASE WHEN r.overridden THEN t.reason_code = 'OVERRIDDEN'
        ELSE t.reason_code IN ('HARM_SHOWN', 'ROLLBACK_SET') END AS decisive,
      t.reason_code, t.sentence, t.observed, t.threshold
  FROM first_rollback r
  CROSS JOIN UNNEST(r.reasons) AS t (reason_code, sentence, observed, threshold)
  WHERE r.place = 1
), harm AS (
  SELECT *,
      CASE WHEN dimension = 'all' THEN metric
        ELSE metric || ' in ' || dimension || '=' || segment END || ' is ' AS beginning,
      ' with ' || treatment_variant_id || ' than with control' AS naming,
      ROW_NUMBER() OVER (
        PARTITION BY rollout_id, attempt, boundary, metric, dimension, segment, treatment_variant_id
        ORDER BY e_value_log DESC, revision DESC) AS place
  FROM stage_estimates
  WHERE purpose = 'harm' AND e_value_log IS NOT NULL
), told AS (
  SELECT r.rollout_id, r.attempt, r.stage, r.boundary, r.decisive,
      r.reason_code, r.sentence, r.observed, r.threshold,
      h.metric, h.dimension, h.segment, h.treatment_variant_id,
      h.rel_effect_size, h.rel_effect_size_lower, h.rel_effect_size_upper, h.e_value_log,
      r.restore_stage,
      RANK() OVER (
        PARTITION BY r.rollout_id, r.attempt, r.reason_code, r.sentence, r.observed
        ORDER BY
            CASE WHEN POSITION(h.naming IN r.sentence) > 0 THEN 0 ELSE 1 END,
            ABS(h.e_value_log - TRY_CAST(SUBSTRING(r.observed FROM 7) AS DOUBLE)),
            h.e_value_log DESC, h.treatment_variant_id) AS nearest
  FROM reasons r
  LEFT JOIN harm h
      ON h.rollout_id = r.rollout_id AND h.attempt = r.attempt AND h.boundary = r.boundary AND h.place = 1
      AND r.reason_code IN ('HARM_SHOWN', 'HARM_NOT_YET_SHOWN')
      AND POSITION(h.beginning IN r.sentence) = 1
)
SELECT rollout_id, attempt, stage, boundary, decisive, reason_code, sentence, observed, threshold,
    metric, dimension, segment, treatment_variant_id,
    rel_effect_size, rel_effect_size_lower, rel_effect_size_upper, e_value_log, restore_stage
FROM told
WHERE nearest = 1
ORDER BY rollout_id, attempt, decisive DESC, e_value_log DESC, reason_code, sentence;
