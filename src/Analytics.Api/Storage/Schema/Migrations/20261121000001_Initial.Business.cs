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
            primary key (workspace_id, kind, number),
            unique (workspace_id, kind, hash)
        );
        """;
}
