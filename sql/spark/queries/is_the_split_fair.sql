-- Question: is the split between the variants what the rollout declared?
-- One row is: a stage of an attempt and one treatment, at the stage's last evaluated boundary.
-- Columns
--   rollout_id, attempt, stage, treatment_variant_id
--   units_control, units_treatment   units (count) in the comparison
--   treatment_share                  units_treatment over both (fraction)
--   declared_share                   what the spec declares (fraction); null for a later stage of a
--                                    ramped rollout, whose share differs by stratum
--   z_score                          distance of the two in standard errors; beyond ±4 look closely
--   mixed_units                      units (count) seen in a second variant
WITH newest AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, epoch, treatment_variant_id
      ORDER BY boundary DESC, revision DESC, units_control + units_treatment DESC) AS place
  FROM stage_estimates
  WHERE dimension = 'all' AND basis = 'concurrent'
), defined AS (
  SELECT rollout_id, GET_JSON_OBJECT(spec, '$.assignment') AS assignment,
      FROM_JSON(GET_JSON_OBJECT(spec, '$.flag.split'), 'MAP<STRING, DOUBLE>') AS shares,
      ROW_NUMBER() OVER (
      PARTITION BY rollout_id ORDER BY event_time DESC) AS place
  FROM rollout_events
  WHERE kind = 'DEFINED' AND spec IS NOT NULL
), signals AS (
  SELECT rollout_id, attempt, epoch, MAX(mixed_units) AS mixed_units, MAX(stage_percent) AS stage_percent
  FROM gate_signals
  GROUP BY rollout_id, attempt, epoch
), declared AS (
  SELECT n.rollout_id, n.attempt, n.epoch, n.stage, n.treatment_variant_id,
      n.units_control, n.units_treatment, s.mixed_units,
      CASE
        WHEN d.assignment = 'matched' THEN
          d.shares[n.treatment_variant_id]
          / (d.shares[n.treatment_variant_id] + d.shares[n.control_variant_id])
        WHEN n.epoch = 0 THEN s.stage_percent / 100
      END AS declared_share
  FROM newest n
  JOIN defined d ON d.rollout_id = n.rollout_id AND d.place = 1
  LEFT JOIN signals s
      ON s.rollout_id = n.rollout_id AND s.attempt = n.attempt AND s.epoch = n.epoch
  WHERE n.place = 1 AND n.units_control + n.units_treatment > 0
)
SELECT rollout_id, attempt, stage, treatment_variant_id, units_control, units_treatment,
    CAST(units_treatment AS DOUBLE) / (units_control + units_treatment) AS treatment_share,
    declared_share,
    (CAST(units_treatment AS DOUBLE) / (units_control + units_treatment) - declared_share)
      / SQRT(declared_share * (1 - declared_share) / (units_control + units_treatment)) AS z_score,
    mixed_units
FROM declared
ORDER BY rollout_id, attempt, epoch, treatment_variant_id;
