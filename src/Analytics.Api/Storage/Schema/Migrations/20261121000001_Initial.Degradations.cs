namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Degradations = """
        -- Hours of the last day, in UTC and from 2000, that requests came for since they were last looked at for degradations; the commit
        -- is the last one that brought some.
        create table moved_hours (
            workspace_id int not null,
            hour int not null,
            commit bigint not null,
            primary key (workspace_id, hour)
        ) with (fillfactor = 50);

        -- Hours of the last days that were found degraded once: a degradation with one of them has been told. Late requests may have
        -- changed what is thought of them since.
        create table degraded_hours (
            workspace_id int not null,
            endpoint int not null,
            measure smallint not null,  -- 1: p95, 2: serverErrorRate
            hour int not null,
            is_degraded boolean not null,
            primary key (workspace_id, hour, endpoint, measure)
        );
        """;
}
