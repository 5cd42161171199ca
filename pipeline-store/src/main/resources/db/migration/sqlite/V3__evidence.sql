-- Evidence on a trial that is compared with that on others. db/migration/postgresql holds the same.

create table series (
    id         integer not null primary key autoincrement,
    trial_id   bigint  not null references trials (trial_id),
    stage_name text    not null,
    name       text    not null,
    basis      text    not null, -- what it was measured on: only equal ones are compared
    numbers    blob    not null, -- doubles, little-endian
    constraint series_name unique (trial_id, stage_name, name)
);
create index series_by_basis on series (stage_name, name, basis);

create table findings (
    trial_id   bigint not null references trials (trial_id),
    name       text   not null,
    updated_at text   not null,
    objection  text, -- null if nothing speaks against the trial
    content    text   not null, -- JSON
    constraint findings_key primary key (trial_id, name)
);

-- as the storage said when it was last looked at; null if it does not say
alter table studies add column complete_trials bigint;
alter table studies add column pruned_trials bigint;
