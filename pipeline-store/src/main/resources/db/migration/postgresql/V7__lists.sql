-- What lists of trials are chosen by, for many trials. db/migration/sqlite holds the same.

-- which trials stand at a stage is answered by the index alone
drop index stages_by_name;
create index stages_by_name on stages (stage_name, status, trial_id, due_at);

-- a text is looked for in these alone; here an index must not hold long texts
create index stages_with_words on stages (trial_id) where error_message is not null or reason is not null;
