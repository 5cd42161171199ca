-- What the HTTP API asks for: lists of trials and events by page, and requests that were carried out. db/migration/postgresql
-- holds the same.

create index trials_by_number on trials (trial_number, trial_id);
create index trials_by_value on trials (value, trial_id);
create index trials_by_update on trials (updated_at, trial_id);
create index stages_by_name on stages (stage_name, status, trial_id);
create index events_by_type on events (type, id);

create table requests (
    request_key text not null,
    fingerprint text not null, -- of what was asked
    answer      text not null,
    created_at  text not null,
    constraint requests_key primary key (request_key)
);
create index requests_by_time on requests (created_at);
