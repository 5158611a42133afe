-- Question: why was this rolled back?
-- One row is: a reason of the first ROLLBACK of an attempt, with the strongest evidence of harm at
-- that boundary beside it.
-- Columns
--   rollout_id, attempt, stage, boundary (UTC)
--   reason_code, sentence, observed, threshold   the reason as the gate gave it
--   metric, dimension, segment                   where harm was strongest
--   rel_effect_size, _lower, _upper              the harm, as a fraction of control
--   e_value_log                                  natural log of the evidence against "no harm"
--   restore_stage                                stage to go back to; empty for none
WITH first_rollback AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt ORDER BY boundary, revision DESC) AS place
  FROM gate_signals
  WHERE verdict = 'ROLLBACK'
), reasons AS (
  SELECT *
  FROM first_rollback
  LATERAL VIEW INLINE(reasons) t AS reason_code, reason_sentence, reason_observed, reason_threshold
  WHERE place = 1
), harm AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, boundary ORDER BY e_value_log DESC, revision DESC) AS place
  FROM stage_estimates
  WHERE purpose = 'harm' AND e_value_log IS NOT NULL
)
SELECT r.rollout_id, r.attempt, r.stage, r.boundary,
    r.reason_code, r.reason_sentence AS sentence,
    r.reason_observed AS observed, r.reason_threshold AS threshold,
    h.metric, h.dimension, h.segment,
    h.rel_effect_size, h.rel_effect_size_lower, h.rel_effect_size_upper, h.e_value_log,
    r.restore_stage
FROM reasons r
LEFT JOIN harm h
    ON h.rollout_id = r.rollout_id AND h.attempt = r.attempt AND h.boundary = r.boundary AND h.place = 1
ORDER BY r.rollout_id, r.attempt, r.reason_code;
