-- What the engine needs to hold trials and stages. db/migration/postgresql holds the same.

alter table trials add column parked boolean not null default false;
-- version 1 parked by taking the due time away
update trials set parked = true where held_reason like 'parked:%';
update stages set due_at = 0
    where status = 'pending' and due_at is null and crashes > 0 and trial_id in (select trial_id from trials where parked);

-- one stage after the other is asked for what is due: the index must not mix them
drop index stages_by_due;
create index stages_by_due on stages (status, stage_name, due_at, id);

create table stage_holds (
    stage_name text    not null primary key, -- '*' for all
    kind       text    not null,
    reason     text    not null,
    actor      text    not null,
    origin     text    not null,
    since      text    not null,
    probe_at   bigint,
    probes     integer not null default 0,
    constraint stage_holds_kind check (kind in ('paused', 'tripped'))
);

-- the latest batch is asked for at every discovery
create index trials_by_batch on trials (batch);

-- what is pruned is found by its age
create index attempts_by_end on attempts (ended_at);
create index events_by_time on events (timestamp);
create index health_by_time on health (timestamp);
