-- The state of the pipeline. db/migration/postgresql holds the same tables and columns; a test compares them.
--
-- Times for people are UTC text 'YYYY-MM-DD HH:MM:SS.mmm'; times for the machine alone are epoch milliseconds.
-- jOOQ finds unique keys by parsing this text: no functions in CHECK or DEFAULT that its parser does not know.
-- AUTOINCREMENT: an id is never given twice, not even after its row is gone.

create table studies (
    id          integer not null primary key autoincrement,
    storage     text    not null,
    name        text    not null,
    label       text    not null,
    source_id   bigint  not null,
    incarnation integer not null,
    directions  text    not null, -- JSON: one word per objective
    constraint studies_label unique (label),
    constraint studies_incarnation unique (storage, name, incarnation)
);

create table trials (
    trial_id          integer not null primary key autoincrement,
    trial_number      integer not null,
    value             double precision, -- the first objective; null if undefined
    status            text    not null default 'pending',
    created_at        text    not null default current_timestamp,
    updated_at        text    not null default current_timestamp,
    study_id          bigint  not null references studies (id),
    objective_values  text    not null, -- JSON: all objectives, infinities as text
    directions        text    not null, -- JSON: one word per objective
    held_reason       text,
    reason            text,
    batch             bigint  not null default 0,
    source_study_id   bigint  not null,
    source_trial_id   bigint  not null,
    source_started_at text, -- as the source writes it
    constraint trials_number unique (study_id, trial_number),
    constraint trials_status check (status in ('pending', 'processing', 'deployed', 'completed', 'failed'))
);
create index trials_by_status on trials (status);

create table stages (
    id            integer not null primary key autoincrement,
    trial_id      bigint  not null references trials (trial_id),
    stage_name    text    not null,
    status        text    not null default 'pending',
    started_at    text,
    completed_at  text,
    attempts      integer not null default 0,
    max_attempts  integer not null default 3,
    error_message text,
    results       text, -- JSON
    position      integer not null default 0,
    crashes       integer not null default 0,
    due_at        bigint,
    deadline_at   bigint,
    lease_runner  text,
    lease_host    text,
    lease_until   bigint,
    token         bigint  not null default 0,
    reason        text,
    constraint stages_name unique (trial_id, stage_name),
    constraint stages_status check (status in ('pending', 'running', 'passed', 'failed', 'skipped'))
);
create index stages_by_due on stages (status, due_at);
create index stages_by_trial on stages (trial_id);

create table attempts (
    id          integer not null primary key autoincrement,
    stage_id    bigint  not null references stages (id),
    trial_id    bigint  not null references trials (trial_id),
    stage_name  text    not null,
    number      integer not null,
    token       bigint  not null,
    runner      text    not null,
    host        text    not null,
    started_at  text    not null,
    ended_at    text,
    outcome     text    not null,
    error       text,
    stack_trace text,
    constraint attempts_token unique (stage_id, token),
    constraint attempts_outcome check (outcome in
        ('running', 'passed', 'rejected', 'skipped', 'error', 'timed_out', 'crashed', 'cancelled'))
);
create index attempts_by_trial on attempts (trial_id);

create table deployments (
    id            integer not null primary key autoincrement,
    trial_id      bigint  not null references trials (trial_id),
    process_id    bigint,
    started_at    text,
    stopped_at    text,
    status        text    not null default 'stopped',
    log_file      text,
    version       bigint  not null default 0,
    model_sha256  text    not null,
    desired       text    not null,
    health        text    not null,
    reason        text,
    nonce         text, -- of the latest launch, written before it
    process_boot  text,
    process_ticks bigint,
    process_nonce text,
    host          text,
    restarts      integer not null default 0,
    restart_due   bigint,
    stop_deadline bigint,
    replaces      bigint  references deployments (id),
    created_at    text    not null default current_timestamp,
    lease_runner  text, -- for supervisors on several hosts; not used yet
    lease_until   bigint,
    lease_token   bigint  not null default 0,
    constraint deployments_status check (status in ('running', 'stopped', 'crashed')),
    constraint deployments_desired check (desired in ('running', 'stopped')),
    constraint deployments_health check (health in
        ('starting', 'healthy', 'degraded', 'stale', 'crash_loop', 'permanent_failure', 'backoff', 'stopping',
         'stopped', 'unknown'))
);
create index deployments_by_trial on deployments (trial_id);

create table process_runs (
    id            integer not null primary key autoincrement,
    deployment_id bigint  not null references deployments (id),
    process_id    bigint  not null,
    process_boot  text    not null,
    process_ticks bigint  not null,
    process_nonce text    not null,
    started_at    text    not null,
    ended_at      text,
    exit_code     integer,
    crashed       boolean not null default false,
    end_reason    text
);
create index process_runs_by_deployment on process_runs (deployment_id);

create table health (
    id        integer not null primary key autoincrement,
    timestamp text    not null default current_timestamp,
    component text    not null,
    status    text    not null,
    message   text    not null,
    constraint health_status check (status in ('healthy', 'degraded', 'down'))
);
create index health_by_component on health (component, id);

create table events (
    id         integer not null primary key autoincrement,
    timestamp  text    not null default current_timestamp,
    type       text    not null,
    trial_id   bigint  references trials (trial_id),
    stage_name text,
    actor      text    not null,
    origin     text    not null,
    message    text    not null
);
create index events_by_trial on events (trial_id, id);

create table settings (
    name  text not null primary key,
    value text not null
);
