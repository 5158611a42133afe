-- Question: did people come back?
-- One row is: a stage cohort, a variant, a metric, a definition and an age, from the newest run of
-- job impact.
-- Columns
--   rollout_id, attempt, stage, metric
--   cohort                           all, or upgraded: units that had control in an earlier stage
--   definition                       exact, bounded, unbounded, rolling, returning, first_return,
--                                    not_lapsed (docs/long-run.md)
--   period_unit                      day or week
--   age                              number of the period; 0 begins at the exposure
--   variant_id
--   eligible                         units (count) whose period has fully passed; of returning
--                                    those that were absent, of the last two those at risk
--   retained                         units (count) of these that came back
--   rate, rate_lower, rate_upper     share (fraction) with its 95 % interval: retained over
--                                    eligible, of the last two definitions by Kaplan-Meier
--   effect_size, _lower, _upper      rate less control's (fraction) with its 95 % interval; null for control
--   effect_size_lower_together, effect_size_upper_together
--                                    the interval where those of all ages hold together at 95 %
--   maturity                         mature, provisional or censored
WITH newest AS (
  SELECT *, MAX(revision) OVER (PARTITION BY rollout_id, attempt) AS last_revision
  FROM retention_curves
  WHERE dimension = 'all'
)
SELECT rollout_id, attempt, stage, metric, COALESCE(cohort, 'all') AS cohort, definition, period_unit, age, variant_id,
    eligible, retained, rate, rate_lower, rate_upper,
    effect_size, effect_size_lower, effect_size_upper,
    effect_size_lower_together, effect_size_upper_together, maturity
FROM newest
WHERE revision = last_revision
ORDER BY rollout_id, attempt, metric, epoch, cohort, definition, period_unit, age, variant_id;
