using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>A row of <c>mcp_sessions</c> as it stands.</summary>
sealed record SessionRow(int Number, Guid? Started, Guid? Named, IReadOnlyList<Guid> Ends, Guid Heard, long BeginAt, long? EndAt)
{
    public const string Table = "sessions";
    public const string Columns = "s.session, s.started, s.named, s.ends, s.heard, s.begin_at, s.end_at";
    public const int Width = 7;

    const int MostEnds = 1_000;

    public string Words => $"session {Number}";

    public static SessionRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetFieldValue<Guid?>(1), row.GetFieldValue<Guid?>(2),
        [.. row.GetFieldValue<byte[]>(3).Chunk(16).Where(id => id.Length == 16).Select(id => new Guid(id, bigEndian: true))],
        row.GetGuid(4), row.Microseconds(5), row.IsDBNull(6) ? null : row.Microseconds(6));

    /// <summary>All events that it points to.</summary>
    public IEnumerable<(string What, Guid Id)> Points
    {
        get
        {
            if (Started is { } started)
                yield return ("started", started);
            if (Named is { } named)
                yield return ("named", named);
            foreach (var end in Ends)
                yield return ("ends", end);
            yield return ("heard", Heard);
        }
    }

    /// <summary>When it begins and ends by what else the row says.</summary>
    public (long? Begin, long? End) Span
    {
        get
        {
            var ends = Ends.Order().ToList();
            var others = ends.Select(end => (Time: TimeOf(end), IsEnd: 1, Id: end)).ToList();
            if (Named is { } named)
                others.Add((TimeOf(named), 0, named));
            var first = Started ?? (others.Count == 0 ? null : others.Min().Id);
            if (first is not { } begin)
                return (null, null);
            var after = ends.Where(end => end != begin && TimeOf(end) >= TimeOf(begin)).ToList();
            return (TimeOf(begin), after.Count == 0 ? null : TimeOf(after[0]));
        }
    }

    /// <summary>Reports what it does not know although an event that names it says so.</summary>
    public void CompareWith(Guid id, string name, DifferenceLog log)
    {
        if (Heard.CompareTo(id) < 0)
            log.Add(Table, Words, "heard", Heard, id);
        if (name == "mcp.session_ended")
        {
            if (!Ends.Contains(id) && (Ends.Count < MostEnds || id.CompareTo(Ends[^1]) < 0))
                log.Add(Table, Words, "ends", null, id);
            return;
        }

        var (what, known) = name == "mcp.session_started" ? ("started", Started) : ("named", Named);
        if (known is not { } first || first.CompareTo(id) > 0)
            log.Add(Table, Words, what, known, id);
    }

    static long TimeOf(Guid id) => EventId.TimestampOf(id) ?? 0;
}
