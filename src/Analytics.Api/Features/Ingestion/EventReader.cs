using System.Text.Json;
using Analytics.Contract;
using Analytics.Storage.Facts;

namespace Analytics.Features.Ingestion;

/// <summary>A request's events: those that are valid so far, what is wrong with the others, and the customers they name.</summary>
sealed record Batch(
    List<IncomingEvent> Events, Findings Findings, List<(int Index, Guid Customer)> Customers, List<(string Pointer, Guid Id)> Workspaces);

/// <summary>
/// Reads <c>{"events":[...]}</c> in one pass over the body's bytes. Of a repeated key the last counts, as in jsonb; a workspace that is
/// named twice has to be the same one.
/// </summary>
sealed class EventReader
{
    public const int MaxEvents = 10_000;
    static readonly byte[][] Names = [[.. "events"u8], [.. "workspace_id"u8], [.. "tenantId"u8]];

    readonly byte[] body;
    readonly int length;
    readonly EventDraft draft;
    readonly Findings findings;
    readonly List<IncomingEvent> events = [];
    readonly List<(int, Guid)> customers = [];
    readonly List<(string Pointer, Guid Id)> workspaces = [];
    Problem? badWorkspace;
    bool hasEvents;

    // Where the reader stands, for the pointer of a syntax error.
    int index = -1;
    int member = -1;

    // Of the body only the first bytes count, as many as its length says; the events will point into it.
    public EventReader(byte[] body, int length, IngestScope scope, bool partial)
    {
        (this.body, this.length) = (body, length);
        findings = new Findings(partial);
        draft = new EventDraft(body, scope, findings);
    }

    /// <summary>Throws a 400 when the body is no JSON of that shape, and a 413 when there are too many events.</summary>
    public Batch Read()
    {
        var invalid = JsonText.FirstInvalid(body.AsSpan(0, length));
        try
        {
            // Reading up to the first byte that is not UTF-8 fails right there, and says in which member.
            Root(invalid < 0 ? length : invalid);
        }
        catch (JsonException e)
        {
            var words = invalid < 0 ? e.Message : $"Byte {invalid} of the body is not UTF-8.";
            throw ProblemException.Invalid(new Problem(Here(), Codes.Json, words));
        }
        if (invalid >= 0)
            throw ProblemException.Invalid(new Problem("", Codes.Json, $"Byte {invalid} of the body is not UTF-8."));
        if (!hasEvents)
            throw ProblemException.Invalid(new Problem("/events", Codes.Required, "The body has a list of events."));
        if (badWorkspace is not null)
            throw ProblemException.Invalid(badWorkspace);
        return new Batch(events, findings, customers, workspaces);
    }

    void Root(int end)
    {
        var start = body.AsSpan(0, end).StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(body.AsSpan(0, end), JsonSlice.Reading);
        if (start > 0)
            body.AsSpan(0, start).Fill((byte)' ');
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw ProblemException.Invalid(new Problem("", Codes.Type, "The body is an object."));

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonSlice.IndexOf(body, JsonSlice.Take(ref reader), Names);
            reader.Read();
            if (name == 0)
                Events(ref reader);
            else if (name > 0)
                Workspace("/" + System.Text.Encoding.UTF8.GetString(Names[name]), JsonSlice.Take(ref reader));
            else
                reader.Skip();
        }
        // Anything but white space after the object is an error of its own.
        reader.Read();
    }

    void Events(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw ProblemException.Invalid(new Problem("/events", Codes.Type, "events is a list."));
        events.Clear();
        customers.Clear();
        findings.Clear();
        hasEvents = true;
        for (index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == MaxEvents)
                throw new ProblemException(413, $"A request has at most {MaxEvents} events.",
                    new Problem("/events", Codes.TooLarge, $"At most {MaxEvents} events are taken at once."));
            Event(ref reader);
        }
        index = -1;
    }

    void Event(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            findings.Add(index, "", Codes.Type, "An event is an object.");
            return;
        }

        draft.Begin(index);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            member = JsonSlice.IndexOf(body, JsonSlice.Take(ref reader), EventDraft.Names);
            reader.Read();
            Value(ref reader);
            member = -1;
        }

        foreach (var (_, check) in EventRules.All)
            check(draft);
        // A portal key names nobody but its own customer, and is not told whether there are others.
        if (draft.CustomerId is { } customer && draft.Scope.Bound is null)
            customers.Add((index, customer));
        if (!findings.Has(index))
            events.Add(draft.Finish());
    }

    void Value(ref Utf8JsonReader reader)
    {
        if (member < 0)
        {
            reader.Skip();
            return;
        }
        if (member == (int)Member.Metadata)
            draft.MetadataMembers.Clear();
        draft[(Member)member] = member == (int)Member.Metadata && reader.TokenType == JsonTokenType.StartObject
            ? draft.MetadataMembers.Read(ref reader)
            : JsonSlice.Take(ref reader);
    }

    string Here() => index < 0 ? ""
        : $"/events/{index}" + (member < 0 ? "" : "/" + System.Text.Encoding.UTF8.GetString(EventDraft.Names[member]));

    // Named again it has to be the same: whoever looks who may write there sees every one that is named.
    void Workspace(string pointer, JsonSlice slice)
    {
        if (slice.IsAbsent)
            return;
        if (slice.Kind != JsonTokenType.String || !Guid.TryParse(slice.Text(body), out var id))
            badWorkspace ??= new Problem(pointer, Codes.Format, $"{pointer[1..]} is a workspace's id.");
        else if (workspaces.Count < 2 && !workspaces.Exists(named => named.Id == id))
            workspaces.Add((pointer, id));
    }
}
