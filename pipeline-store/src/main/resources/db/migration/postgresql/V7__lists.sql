-- What lists of trials are chosen by, for many trials. db/migration/sqlite holds the same.

-- which trials stand at a stage is answered by the index alone
drop index stages_by_name;
create index stages_by_name on stages (stage_name, status, trial_id, due_at);

-- a text is looked for in these alone; here an index must not hold long texts
create index stages_with_words on stages (trial_id) where error_message is not null or reason is not null;

-- the figures of backtests that lists are sorted by; they are in the results of the stage as well, where no index reaches
create table figures (
    trial_id bigint not null references trials (trial_id),
    name     text   not null,
    value    double precision not null,
    constraint figures_key primary key (trial_id, name)
);
create index figures_by_value on figures (name, value, trial_id);
insert into figures
    select trial_id, 'sharpe', (results::jsonb #>> '{metrics,sharpe}')::double precision from stages
    where stage_name = 'backtest' and jsonb_typeof(results::jsonb #> '{metrics,sharpe}') = 'number';
insert into figures
    select trial_id, 'max_drawdown', (results::jsonb #>> '{metrics,max_drawdown}')::double precision from stages
    where stage_name = 'backtest' and jsonb_typeof(results::jsonb #> '{metrics,max_drawdown}') = 'number';
insert into figures
    select trial_id, 'trades', (results::jsonb #>> '{trades}')::double precision from stages
    where stage_name = 'backtest' and jsonb_typeof(results::jsonb #> '{trades}') = 'number';
