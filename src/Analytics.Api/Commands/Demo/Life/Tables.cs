namespace Analytics.Commands.Demo.Life;

/// <summary>What the customer portal keeps in tables of its own, with types of every sort.</summary>
static class Tables
{
    /// <summary>One transaction: all of it is there, or nothing.</summary>
    public const string Sql = """
        create table _migrations (version int primary key, applied timestamptz not null default now());
        insert into _migrations values (1), (2), (3);

        create type role as enum ('viewer', 'member', 'admin');

        create table members (
            id uuid primary key,
            name varchar(80) not null,
            email text not null unique,
            role role not null,
            tags text[] not null,
            settings jsonb not null,
            credit numeric(12, 4),
            network inet,
            avatar bytea,
            joined date not null,
            last_seen timestamptz);

        insert into members
        select md5('member' || n)::uuid,
            (array['Ada', 'Bill', 'Grace', 'Ines', 'Kofi', 'Mai', 'Noor', 'Tove'])[1 + n % 8] || ' ' || chr(65 + n % 26) || '.',
            'member-' || n || '@' || (array['acme', 'globex', 'initech', 'hooli'])[1 + n % 4] || '.example',
            (array['viewer', 'member', 'admin']::role[])[1 + (n * n) % 3],
            (array['{}', '{beta}', '{beta,"early bird"}']::text[])[1 + n % 3]::text[],
            jsonb_build_object('theme', (array['dark', 'light'])[1 + n % 2], 'digest', jsonb_build_object('weekday', n % 7, 'hour', 8)),
            case when n % 6 = 0 then null when n % 50 = 1 then 'NaN' else n * 1234.5678 end,
            ('203.0.113.' || n % 256)::inet,
            decode(md5('avatar' || n), 'hex'),
            date '2026-01-05' + n,
            case when n % 9 = 0 then null else timestamptz '2026-03-01 08:00+00' + n * interval '7 hours 13 minutes' end
        from generate_series(1, 84) n;

        create table files (
            id bigint generated always as identity primary key,
            owner uuid not null references members (id),
            path text not null,
            bytes bigint not null,
            pages smallint,
            price money,
            score real,
            is_public boolean not null,
            kept interval not null,
            offered tstzrange,
            preview point,
            uploaded timestamp not null,
            kib numeric generated always as (bytes / 1024.0) stored);

        insert into files (owner, path, bytes, pages, price, score, is_public, kept, offered, preview, uploaded)
        select md5('member' || 1 + n % 84)::uuid,
            '/' || (array['contracts', 'invoices', 'photos', 'reports'])[1 + n % 4] || '/' || n
                || (array['.pdf', '.xlsx', '.jpg'])[1 + n % 3],
            case when n = 1 then 9007199254740993 else 20000 + (n::bigint * 7919 * 104729) % 40000000 end,
            case when n % 3 = 0 then n % 400 end,
            case when n % 4 = 0 then (n % 90 + 0.5)::numeric::money end,
            case when n % 11 = 0 then 'NaN' else (n % 100) / 7.0 end::real,
            n % 5 = 0,
            make_interval(days => 30 * (1 + n % 12), hours => n % 24),
            case when n % 4 = 0 then tstzrange(timestamptz '2026-02-01 00:00+00' + n * interval '1 hour', null) end,
            point(n % 640, n % 480),
            timestamp '2026-01-05 07:30' + n * interval '97 minutes'
        from generate_series(1, 1250) n;
        create index on files (owner, uploaded);

        create table "Daily load" (
            day date,
            hour time,
            calls int not null,
            mean double precision not null,
            worst double precision,
            flags bit(4) not null,
            note json,
            primary key (day, hour));

        insert into "Daily load"
        select date '2026-03-01' + n / 24, make_time(n % 24, 0, 0), (n * 37) % 500, (n * 31 % 977) / 8.0,
            case n % 24 when 3 then 'Infinity' when 4 then null else (n * 53 % 4999) / 4.0 end,
            (n % 16)::bit(4),
            case when n % 24 = 9 then json_build_object('peak', true, 'routes', json_build_array('/files', '/search')) end
        from generate_series(0, 719) n;

        analyze;
        """;
}
