-- Question: how much did the change bring in to date?
-- One row is: a metric that sums values and a treatment, over all stages to date, from the newest
-- run of job impact. Of a rollout that its verdicts ended quote the bounds of revenue_loss_by_segment,
-- dimension all, which hold at every look; these are for a look whose time was fixed before.
-- Columns
--   rollout_id, attempt, metric, treatment_variant_id
--   control, treatment               value per unit, capped as the spec says, in the metric's currency
--   effect_size, _lower, _upper      difference per unit; the 95 % bounds hold at one look
--   units_treatment                  units (count) that got the change
--   total_effect, _lower, _upper     effect_size × units_treatment: value gained (+) or lost (−)
--   data_end                         data before this instant (UTC)
WITH newest AS (
  SELECT *, MAX(revision) OVER (PARTITION BY rollout_id, attempt) AS last_revision
  FROM impact_reports
  WHERE epoch = -1 AND age_days = 0 AND dimension = 'all'
    AND COALESCE(aspect, 'observed') = 'observed'
)
SELECT n.rollout_id, n.attempt, n.metric, n.treatment_variant_id, n.control, n.treatment,
    n.effect_size, n.effect_size_lower, n.effect_size_upper, n.units_treatment,
    n.effect_size * n.units_treatment AS total_effect,
    n.effect_size_lower * n.units_treatment AS total_effect_lower,
    n.effect_size_upper * n.units_treatment AS total_effect_upper,
    n.data_end
FROM newest n
WHERE n.revision = n.last_revision
  AND EXISTS (
    SELECT 1 FROM revenue_curves r
    WHERE r.rollout_id = n.rollout_id AND r.attempt = n.attempt AND r.metric = n.metric)
ORDER BY n.rollout_id, n.attempt, n.metric, n.treatment_variant_id;
