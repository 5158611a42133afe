-- Question: in which segments is the effect different from the effect on everyone else?
-- One row is: a segment, a metric, a treatment and a purpose at the newest boundary at which the
-- segment was evaluated, the segments farthest from the others first. Segments whose smaller variant
-- has fewer than 50 units, in them or outside, are left out.
-- Columns
--   rollout_id, attempt, metric, treatment_variant_id, purpose, dimension, segment
--   rel_effect_size, _lower, _upper  effect in the segment, as a fraction of control
--   elsewhere                        effect on everyone else at that boundary, likewise: from the
--                                    values of all and of the segment by their units (of a ratio
--                                    nearly so: its denominators differ)
--   apart                            the first less the other, in half-widths of the interval of
--                                    their difference: beyond ±1 the two are not alike
--   reading                          'disagrees', 'agrees' or 'cannot say'
--   units_control, units_treatment   units (count) of the segment
WITH current_rows AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, boundary, treatment_variant_id, metric, purpose, dimension, segment
      ORDER BY revision DESC, epoch DESC) AS place
  FROM stage_estimates
  WHERE basis = 'concurrent' AND normalisation = 'raw'
), segments AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, treatment_variant_id, metric, purpose, dimension, segment
      ORDER BY boundary DESC) AS newest
  FROM current_rows
  WHERE place = 1 AND dimension <> 'all' AND rel_effect_size IS NOT NULL
      AND units_control >= 50 AND units_treatment >= 50
), both_rows AS (
  SELECT s.rollout_id, s.attempt, s.metric, s.treatment_variant_id, s.purpose, s.dimension, s.segment,
      s.rel_effect_size, s.rel_effect_size_lower, s.rel_effect_size_upper,
      s.units_control, s.units_treatment,
      (a.units_treatment * a.treatment - s.units_treatment * s.treatment)
          / (a.units_treatment - s.units_treatment)
        / NULLIF((a.units_control * a.control - s.units_control * s.control)
          / (a.units_control - s.units_control), 0) - 1 AS elsewhere,
      (a.rel_effect_size - a.rel_effect_size_lower) AS below_all,
      (a.rel_effect_size_upper - a.rel_effect_size) AS above_all,
      SQRT(CAST(a.units_control + a.units_treatment AS DOUBLE)
        / (a.units_control + a.units_treatment - s.units_control - s.units_treatment)) AS wider
  FROM segments s
  JOIN current_rows a
      ON a.rollout_id = s.rollout_id AND a.attempt = s.attempt AND a.boundary = s.boundary
      AND a.treatment_variant_id = s.treatment_variant_id AND a.metric = s.metric
      AND a.purpose = s.purpose AND a.dimension = 'all' AND a.place = 1
  WHERE s.newest = 1
      AND a.units_control - s.units_control >= 50 AND a.units_treatment - s.units_treatment >= 50
), compared AS (
  SELECT *,
      CASE WHEN rel_effect_size >= elsewhere
        THEN (rel_effect_size - elsewhere) / NULLIF(SQRT(
          (rel_effect_size - rel_effect_size_lower) * (rel_effect_size - rel_effect_size_lower)
          + above_all * wider * above_all * wider), 0)
        ELSE (rel_effect_size - elsewhere) / NULLIF(SQRT(
          (rel_effect_size_upper - rel_effect_size) * (rel_effect_size_upper - rel_effect_size)
          + below_all * wider * below_all * wider), 0)
      END AS apart
  FROM both_rows
)
SELECT rollout_id, attempt, metric, treatment_variant_id, purpose, dimension, segment,
    rel_effect_size, rel_effect_size_lower, rel_effect_size_upper, elsewhere, apart,
    CASE WHEN apart IS NULL THEN 'cannot say' WHEN ABS(apart) > 1 THEN 'disagrees' ELSE 'agrees'
    END AS reading,
    units_control, units_treatment
FROM compared
ORDER BY rollout_id, attempt, ABS(apart) DESC, metric, dimension, segment;
