-- What an operator wants of traders, and what they have traded. db/migration/postgresql holds the same.

-- SQLite cannot change a constraint: the table is made anew, and with it the one that points to it
create temporary table kept_deployments as select * from deployments;
create temporary table kept_process_runs as select * from process_runs;
drop table process_runs;
update deployments set replaces = null;
drop table deployments;

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
    orders        text    not null default 'active', -- which ones an operator lets it give
    flattens      bigint  not null default 0, -- how often it was told to sell everything
    resumes       bigint  not null default 0, -- how often its own stops were lifted
    log_lost      bigint  not null default 0, -- bytes of its output that were dropped
    constraint deployments_status check (status in ('running', 'stopped', 'crashed')),
    constraint deployments_desired check (desired in ('running', 'stopped')),
    constraint deployments_orders check (orders in ('active', 'reducing', 'halted')),
    constraint deployments_health check (health in
        ('starting', 'healthy', 'degraded', 'stale', 'hung', 'crash_loop', 'permanent_failure', 'backoff', 'stopping',
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

insert into deployments
    select kept.*, 'active', 0, 0, 0 from kept_deployments kept order by id;
insert into process_runs
    select * from kept_process_runs order by id;
drop table kept_deployments;
drop table kept_process_runs;

create table preferences (
    trial_id bigint not null references trials (trial_id),
    kind     text   not null,
    reason   text   not null,
    actor    text   not null,
    origin   text   not null,
    since    text   not null,
    constraint preferences_key primary key (trial_id),
    constraint preferences_kind check (kind in ('pinned', 'never'))
);

create table ledger (
    deployment_id bigint not null references deployments (id),
    sequence      bigint not null, -- as in the trader's own file
    recorded_at   text   not null,
    kind          text   not null,
    step          bigint, -- of a bar
    equity        double precision, -- after that bar
    content       text   not null, -- JSON
    constraint ledger_key primary key (deployment_id, sequence)
);
