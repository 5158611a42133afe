-- Question: is a change between stages the season, the traffic mix, or neither?
-- One row is: a stage, a variant, a metric, what it is held against and how it is normalised, of
-- the newest run of impact.
-- Columns
--   rollout_id, attempt, stage, variant_id, metric
--   basis, basis_stage               first_stage: the same variant before; baseline: what history
--                                    expects; control: in the same stage, the only experiment
--   dimension, segment               segment * of a dimension: all of it, at one mix
--   normalisation                    raw, season (what history expects of the hours is taken out),
--                                    mix (one mix of segments), season_mix (both)
--   control, treatment               the two levels, normalised, in the metric's unit
--   rel_effect_size, _lower, _upper  treatment over control less 1; the bounds hold at one look
--   mix_part                         factor, less 1, that only the mix made
--   reversal                         the mix turned the sign: Simpson's paradox
--   units_control, units_treatment   units (count)
--   cannot_say                       why a figure is missing; empty if none is
WITH newest AS (
  SELECT *, MAX(revision) OVER (PARTITION BY rollout_id, attempt) AS last_revision
  FROM stage_comparisons
)
SELECT rollout_id, attempt, stage, variant_id, metric, basis, basis_stage, dimension, segment,
    normalisation, control, treatment,
    rel_effect_size, rel_effect_size_lower, rel_effect_size_upper,
    mix_part, reversal, units_control, units_treatment, cannot_say
FROM newest
WHERE revision = last_revision
ORDER BY rollout_id, attempt, metric, variant_id, epoch, basis, dimension, segment, normalisation;
