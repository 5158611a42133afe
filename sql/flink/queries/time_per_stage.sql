-- Question: how long did each stage take, and what held it up?
-- One row is: a stage of an attempt.
-- Columns
--   rollout_id, attempt, stage, stage_percent (percent of traffic)
--   first_look, last_look            first and last evaluated boundary (UTC)
--   hours                            between the two
--   looks                            boundaries (count) evaluated
--   advance_looks, hold_looks, review_looks, rollback_looks   of these by verdict (count)
--   last_verdict
WITH newest AS (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, epoch, boundary ORDER BY revision DESC) AS place
  FROM gate_signals
)
SELECT rollout_id, attempt, stage, MAX(stage_percent) AS stage_percent,
    MIN(boundary) AS first_look, MAX(boundary) AS last_look,
    CAST(TIMESTAMPDIFF(SECOND, MIN(boundary), MAX(boundary)) AS DOUBLE) / 3600 AS hours,
    COUNT(*) AS looks,
    SUM(CASE WHEN verdict = 'ADVANCE' THEN 1 ELSE 0 END) AS advance_looks,
    SUM(CASE WHEN verdict = 'HOLD' THEN 1 ELSE 0 END) AS hold_looks,
    SUM(CASE WHEN verdict = 'REVIEW' THEN 1 ELSE 0 END) AS review_looks,
    SUM(CASE WHEN verdict = 'ROLLBACK' THEN 1 ELSE 0 END) AS rollback_looks,
    MAX(CASE WHEN newest_look = 1 THEN verdict END) AS last_verdict
FROM (
  SELECT *, ROW_NUMBER() OVER (
      PARTITION BY rollout_id, attempt, epoch ORDER BY boundary DESC) AS newest_look
  FROM newest
  WHERE place = 1
)
GROUP BY rollout_id, attempt, epoch, stage
ORDER BY rollout_id, attempt, epoch;
