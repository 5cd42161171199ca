-- What a human should look at, and who was told. db/migration/postgresql holds the same.

create table alerts (
    id              integer not null primary key autoincrement,
    rule            text    not null,
    subject         text    not null, -- empty for the pipeline as a whole
    severity        text    not null,
    message         text    not null,
    opened_at       text    not null,
    updated_at      text    not null,
    absent_since    bigint, -- the condition is gone, but not for long enough to say so
    resolved_at     text,
    notices         integer not null default 0,
    last_notice     text,
    noticed_at      text,
    remind_at       bigint,
    acknowledged_by text,
    silenced_until  bigint,
    silenced_by     text,
    constraint alerts_severity check (severity in ('warning', 'critical')),
    constraint alerts_notice check (last_notice in ('opened', 'reminder', 'resolved'))
);
create index alerts_by_subject on alerts (rule, subject, id);
create index alerts_by_end on alerts (resolved_at);

create table alert_deliveries (
    alert_id     bigint  not null references alerts (id),
    channel      text    not null,
    notice       text    not null,
    since        text    not null,
    attempts     integer not null default 0,
    due_at       bigint, -- null if it was delivered or given up
    delivered_at text,
    error        text,
    constraint alert_deliveries_key primary key (alert_id, channel),
    constraint alert_deliveries_notice check (notice in ('opened', 'reminder', 'resolved'))
);
create index alert_deliveries_by_due on alert_deliveries (channel, due_at);

create table alert_channels (
    name         text not null primary key,
    delivered_at text,
    failed_at    text,
    error        text
);
