-- What an operator wants of traders, and what they have traded. db/migration/sqlite holds the same.

alter table deployments drop constraint deployments_health;
alter table deployments add constraint deployments_health check (health in
    ('starting', 'healthy', 'degraded', 'stale', 'hung', 'crash_loop', 'permanent_failure', 'backoff', 'stopping',
     'stopped', 'unknown'));
alter table deployments add column orders text not null default 'active'; -- which ones an operator lets it give
alter table deployments add column flattens bigint not null default 0; -- how often it was told to sell everything
alter table deployments add column resumes bigint not null default 0; -- how often its own stops were lifted
alter table deployments add column log_lost bigint not null default 0; -- bytes of its output that were dropped
alter table deployments add constraint deployments_orders check (orders in ('active', 'reducing', 'halted'));

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
