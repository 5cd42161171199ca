-- What lists of trials are chosen by, for many trials. db/migration/postgresql holds the same.

-- which trials stand at a stage is answered by the index alone
drop index stages_by_name;
create index stages_by_name on stages (stage_name, status, trial_id, due_at);

-- a text is looked for in this alone, without the rows, which hold much else
create index stages_with_words on stages (trial_id, error_message, reason)
    where error_message is not null or reason is not null;

-- the figures of backtests that lists are sorted by; they are in the results of the stage as well, where no index reaches
create table figures (
    trial_id bigint not null references trials (trial_id),
    name     text   not null,
    value    double precision not null,
    constraint figures_key primary key (trial_id, name)
);
create index figures_by_value on figures (name, value, trial_id);
insert into figures
    select trial_id, 'sharpe', json_extract(results, '$.metrics.sharpe') from stages
    where stage_name = 'backtest' and json_type(results, '$.metrics.sharpe') in ('integer', 'real');
insert into figures
    select trial_id, 'max_drawdown', json_extract(results, '$.metrics.max_drawdown') from stages
    where stage_name = 'backtest' and json_type(results, '$.metrics.max_drawdown') in ('integer', 'real');
insert into figures
    select trial_id, 'trades', json_extract(results, '$.trades') from stages
    where stage_name = 'backtest' and json_type(results, '$.trades') in ('integer', 'real');
