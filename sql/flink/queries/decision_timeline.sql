-- Question: who decided what, and when?
-- One row is: a change of verdict, a person's decision, or a step of the rollout, in order.
-- Columns
--   rollout_id, happened_at (UTC), stage
--   what                             verdict, approve, override, sign_off, note, or the event's kind
--   verdict, previous_verdict        empty where it is no verdict
--   who                              gate, a person or rollout tooling
--   why                              sentence or note
SELECT rollout_id, happened_at, stage, what, verdict, previous_verdict, who, why
FROM (
  SELECT rollout_id, event_time AS happened_at, stage, action AS what, verdict, previous_verdict,
      actor AS who, sentence AS why, 1 AS place
  FROM decision_log
  UNION ALL
  SELECT rollout_id, event_time, stage, kind, '', '', actor, note, 0
  FROM rollout_events
  WHERE kind NOT IN ('TICK', 'DECISION', 'NOTE')
)
ORDER BY rollout_id, happened_at, place, what;
