-- Question: who lost or brought in how much revenue, by segment?
-- One row is: a segment (and everyone) of a metric that sums values and a treatment, at the newest
-- boundary of an attempt at which it was evaluated, the largest loss first. Segments whose smaller
-- variant has fewer than 50 units are left out. Empty before the first run of impact: it says which
-- metrics sum values. Quote these bounds: what is seen decides when a rollout ends, and a segment may
-- be picked from many. Those of revenue_to_date, of one look, are narrower.
-- Columns
--   rollout_id, attempt, metric, treatment_variant_id, dimension, segment
--   control, treatment               value per unit, capped as the spec says, in the metric's currency
--   effect_size, _lower, _upper      difference per unit; the bounds hold at every look
--   units_treatment                  units (count) of the segment that got the change, in all stages up
--                                    to the boundary; of a ramped rollout, and at 100 %, in the stage
--   total_effect, _lower, _upper     effect_size × units_treatment: value gained (+) or lost (−)
--   alpha                            level of the bounds: of everyone that of the test of success, else
--                                    of the proof of no loss, else of harm; of a segment its share of
--                                    the rollback's budget for false alarms
--   boundary                         everything before this event time (UTC) was evaluated
WITH current_rows AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, treatment_variant_id, metric, dimension, segment
      ORDER BY boundary DESC,
        CASE WHEN dimension = 'all' AND purpose = 'success' THEN 0
          WHEN dimension = 'all' AND purpose = 'non_inferiority' THEN 1
          WHEN purpose = 'harm' THEN 2 ELSE 3 END,
        revision DESC, epoch DESC) AS newest
  FROM stage_estimates
  WHERE basis = 'concurrent' AND normalisation = 'raw'
      AND (dimension = 'all' OR purpose IN ('harm', 'deterioration'))
      AND units_control >= 50 AND units_treatment >= 50
)
SELECT c.rollout_id, c.attempt, c.metric, c.treatment_variant_id, c.dimension, c.segment,
    c.control, c.treatment, c.effect_size, c.effect_size_lower, c.effect_size_upper,
    c.units_treatment,
    c.effect_size * c.units_treatment AS total_effect,
    c.effect_size_lower * c.units_treatment AS total_effect_lower,
    c.effect_size_upper * c.units_treatment AS total_effect_upper,
    c.alpha, c.boundary
FROM current_rows c
WHERE c.newest = 1
  AND EXISTS (
    SELECT 1 FROM revenue_curves r
    WHERE r.rollout_id = c.rollout_id AND r.metric = c.metric)
ORDER BY c.rollout_id, c.attempt, total_effect, c.metric, c.dimension, c.segment;
