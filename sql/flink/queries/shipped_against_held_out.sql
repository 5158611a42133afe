-- Question: does the effect hold against the units that were held out?
-- One row is: a metric, treatment and segment (all: everyone), units given the change at the launch
-- against those held out, of those not given the change before it, from the newest run of job impact.
-- Columns
--   rollout_id, attempt, stage, metric, treatment_variant_id, dimension, segment
--   days_since_launch                whole days of data since the launch
--   state                            provisional: the holdout goes on; mature: it or the rollout has ended
--   held_out, shipped                the metric per unit to date, in its own unit
--   effect_size, _lower, _upper      difference per unit; the 95 % bounds hold at one look
--   rel_effect_size, _lower, _upper  the same as a fraction of held_out
--   rel_effect_before                the fraction in the last stage before the launch, to date
--   units_held_out, units_shipped    units (count)
--   cannot_say                       why figures are missing; empty if none is
--   data_end                         data before this instant (UTC)
WITH ranked AS (
  SELECT *, MAX(revision) OVER (PARTITION BY rollout_id, attempt) AS last_revision
  FROM impact_reports
),
newest AS (
  SELECT * FROM ranked WHERE revision = last_revision
),
before_launch AS (
  SELECT rollout_id, attempt, metric, treatment_variant_id, dimension, segment, rel_effect_size,
      ROW_NUMBER() OVER (
          PARTITION BY rollout_id, attempt, metric, treatment_variant_id, dimension, segment
          ORDER BY epoch DESC) AS steps_back
  FROM newest n
  WHERE epoch >= 0 AND age_days = 0 AND COALESCE(aspect, 'observed') = 'observed'
    AND NOT EXISTS (
      SELECT 1 FROM newest h
      WHERE h.aspect = 'holdout' AND h.rollout_id = n.rollout_id AND h.attempt = n.attempt
        AND h.epoch = n.epoch)
)
SELECT n.rollout_id, n.attempt, n.stage, n.metric, n.treatment_variant_id, n.dimension, n.segment,
    n.age_days AS days_since_launch, n.maturity AS state,
    n.control AS held_out, n.treatment AS shipped,
    n.effect_size, n.effect_size_lower, n.effect_size_upper,
    n.rel_effect_size, n.rel_effect_size_lower, n.rel_effect_size_upper,
    b.rel_effect_size AS rel_effect_before,
    n.units_control AS units_held_out, n.units_treatment AS units_shipped,
    n.cannot_say, n.data_end
FROM newest n
LEFT JOIN before_launch b
  ON b.rollout_id = n.rollout_id AND b.attempt = n.attempt AND b.metric = n.metric
    AND b.treatment_variant_id = n.treatment_variant_id AND b.dimension = n.dimension
    AND b.segment = n.segment AND b.steps_back = 1
WHERE n.aspect = 'holdout'
ORDER BY n.rollout_id, n.attempt, n.metric, n.treatment_variant_id, n.dimension, n.segment;
