namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Business = """
        -- Texts that analytics of the business group by, as small numbers of their kind. Of those that may be somebody's only a keyed
        -- hash is kept.
        create table texts (
            workspace_id int not null,
            kind smallint not null,
            number int not null,
            hash uuid not null,
            text text,
            since bigint not null default 0,  -- events up to this number name it among those that there was no room for
            primary key (workspace_id, kind, number),
            unique (workspace_id, kind, hash)
        );

        -- What visitors of a storefront did and when, packed: what a commit adds, and what all commits until then came to on a day. A
        -- day has two piles, so that what comes late does not make a large one be written anew each time.
        create table storefront_deltas (
            workspace_id int not null,
            commit bigint not null,
            steps bytea not null,
            primary key (workspace_id, commit)
        );
        create table storefront_days (
            workspace_id int not null,
            day int not null,
            tier smallint not null,
            steps bytea not null,
            primary key (workspace_id, day, tier)
        );
        alter table storefront_deltas alter column steps set storage external;
        alter table storefront_days alter column steps set storage external;

        -- An MCP session, by its number among the texts: the ids of the first event that told its start, of the first one that names it
        -- otherwise, and of those that told its end (one after another, in their order); and what follows from them. Ids are in the order
        -- of their times.
        create table mcp_sessions (
            workspace_id int not null,
            session int not null,
            started uuid,
            named uuid,
            ends bytea not null,
            heard uuid not null,  -- the last event that names it
            begin_at timestamptz not null,
            end_at timestamptz,
            primary key (workspace_id, session)
        ) with (fillfactor = 80);
        create index mcp_sessions_begin on mcp_sessions (workspace_id, begin_at);
        create index mcp_sessions_heard on mcp_sessions (workspace_id, heard) where end_at is null;
        """;
}
