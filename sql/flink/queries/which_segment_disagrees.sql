-- Question: in which segments is the effect different from the effect on everyone?
-- One row is: a segment, a metric, a treatment and a purpose at the newest boundary at which the
-- segment was evaluated, the segments farthest from everyone first. Segments whose smaller variant
-- has fewer than 50 units are left out.
-- Columns
--   rollout_id, attempt, metric, treatment_variant_id, purpose, dimension, segment
--   rel_effect_size, _lower, _upper  effect in the segment, as a fraction of control
--   everyone                         effect on everyone at that boundary, as a fraction of control
--   apart                            the first less the other, in half-widths of the segment's
--                                    interval: beyond ±1 everyone's effect is implausible there
--   reading                          'disagrees' or 'agrees'
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
), compared AS (
  SELECT s.rollout_id, s.attempt, s.metric, s.treatment_variant_id, s.purpose, s.dimension, s.segment,
      s.rel_effect_size, s.rel_effect_size_lower, s.rel_effect_size_upper,
      a.rel_effect_size AS everyone,
      CASE WHEN s.rel_effect_size >= a.rel_effect_size
        THEN (s.rel_effect_size - a.rel_effect_size) / NULLIF(s.rel_effect_size - s.rel_effect_size_lower, 0)
        ELSE (s.rel_effect_size - a.rel_effect_size) / NULLIF(s.rel_effect_size_upper - s.rel_effect_size, 0)
      END AS apart,
      s.units_control, s.units_treatment
  FROM segments s
  JOIN current_rows a
      ON a.rollout_id = s.rollout_id AND a.attempt = s.attempt AND a.boundary = s.boundary
      AND a.treatment_variant_id = s.treatment_variant_id AND a.metric = s.metric
      AND a.purpose = s.purpose AND a.dimension = 'all' AND a.place = 1
  WHERE s.newest = 1
)
SELECT rollout_id, attempt, metric, treatment_variant_id, purpose, dimension, segment,
    rel_effect_size, rel_effect_size_lower, rel_effect_size_upper, everyone, apart,
    CASE WHEN ABS(apart) > 1 THEN 'disagrees' ELSE 'agrees' END AS reading,
    units_control, units_treatment
FROM compared
ORDER BY rollout_id, attempt, ABS(apart) DESC, metric, dimension, segment;
