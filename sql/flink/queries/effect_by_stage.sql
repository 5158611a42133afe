-- Question: what did the change do by the end of each stage?
-- One row is: a stage of an attempt, a treatment, a metric and a purpose, over every unit, at the
-- stage's last evaluated boundary. In a matched rollout a later stage includes the earlier ones,
-- but one of 100 % has the units first seen in it.
-- Columns
--   rollout_id, attempt, stage, treatment_variant_id, metric, purpose
--   boundary                         everything before this event time (UTC) was evaluated
--   control, treatment               the metric by variant, in its own unit, capped as the spec says
--   effect_size, _lower, _upper      treatment less control; the bounds hold at every look together
--   rel_effect_size, _lower, _upper  the same as a fraction of control
--   p_value                          always-valid
--   units_control, units_treatment   units (count), those of the stages before included; of a ramped
--                                    rollout the stage's own
--   cannot_say                       why a figure is missing; empty if none is
WITH newest AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, epoch, treatment_variant_id, metric, purpose
      ORDER BY boundary DESC, revision DESC) AS place
  FROM stage_estimates
  WHERE dimension = 'all' AND basis = 'concurrent' AND normalisation = 'raw'
)
SELECT rollout_id, attempt, stage, boundary, treatment_variant_id, metric, purpose,
    control, treatment,
    effect_size, effect_size_lower, effect_size_upper,
    rel_effect_size, rel_effect_size_lower, rel_effect_size_upper,
    p_value, units_control, units_treatment, cannot_say
FROM newest
WHERE place = 1
ORDER BY rollout_id, attempt, epoch, metric, treatment_variant_id, purpose;
