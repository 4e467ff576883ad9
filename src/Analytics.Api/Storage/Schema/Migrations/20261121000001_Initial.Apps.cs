namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Apps = """
        -- The apps of a workspace. A deleted one stays as a row, so that its number is never used again.
        create table apps (
            workspace_id int not null,
            app int not null,
            id uuid not null,
            natural_id text not null,
            name text not null,
            quota_bytes bigint not null,
            schema_name text,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            deleted_at timestamptz,
            primary key (workspace_id, app),
            unique (workspace_id, id)
        );
        create unique index on apps (workspace_id, natural_id) where deleted_at is null;

        -- Views, devices, downloads and changes of storage: narrow rows, widest columns first. id is the end of the fact's UUIDv7, whose
        -- beginning its timestamp says. In rows of up to eight columns a null takes no room.
        create table app_facts (
            timestamp timestamptz not null,
            id bigint not null,
            amount bigint,                      -- bytes of downloads and of changes of storage
            commit bigint not null,             -- what it came with: exports end at one
            workspace_id int not null,
            app int not null,
            subject int not null,               -- the viewer or device in app_subjects, 0 for none
            kind smallint not null,             -- 1: view, 2: device, 3: download, 4: change of storage
            primary key (workspace_id, timestamp, id)
        ) partition by range (timestamp);
        create table app_facts_default partition of app_facts default;

        create table invocations (
            timestamp timestamptz not null,
            id bigint not null,
            duration bigint not null,           -- microseconds
            memory bigint not null,             -- bytes
            commit bigint not null,             -- what it came with: exports end at one
            workspace_id int not null,
            app int not null,
            status smallint not null,
            method text not null,
            path text not null,
            username text not null,             -- empty for nobody
            error text not null,                -- empty for none
            primary key (workspace_id, timestamp, id)
        ) partition by range (timestamp);
        create index on invocations (workspace_id, app, timestamp);
        create table invocations_default partition of invocations default;

        -- Viewers (1) and devices (2) by the keyed hash of their id, which is all that is kept of it. The hash of viewers is keyed by the
        -- workspace, that of devices by the installation: a device is one across workspaces.
        create table app_subjects (
            hash uuid not null,
            workspace_id int not null,
            number int not null,
            kind smallint not null,
            primary key (workspace_id, kind, number)
        );
        create unique index on app_subjects (workspace_id, kind, hash);
        """;
}
