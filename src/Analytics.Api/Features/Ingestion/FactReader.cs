using System.Text;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Storage.Facts;

namespace Analytics.Features.Ingestion;

/// <summary>A request's facts: those that are valid so far, what is wrong with the others, and the customers they name.</summary>
sealed record Batch(
    List<IncomingFact> Facts, Findings Findings, List<(int Index, Guid Customer)> Customers, List<(string Pointer, Guid Id)> Workspaces);

/// <summary>
/// Reads <c>{"events":[...]}</c>, or another list of facts, in one pass over the body's bytes. Of a repeated key the last counts, as in
/// jsonb; a workspace that is named twice has to be the same one.
/// </summary>
sealed class FactReader
{
    static readonly byte[][] WorkspaceNames = [[.. "workspace_id"u8], [.. "tenantId"u8]];

    readonly FactList list;
    readonly byte[] listName;
    readonly byte[] body;
    readonly int length;
    readonly FactDraft draft;
    readonly Findings findings;
    readonly List<IncomingFact> facts = [];
    readonly List<(int, Guid)> customers = [];
    readonly List<(string Pointer, Guid Id)> workspaces = [];
    Problem? badWorkspace;
    bool hasList;

    // Where the reader stands, for the pointer of a syntax error.
    int index = -1;
    int member = -1;

    // Of the body only the first bytes count, as many as its length says; the facts will point into it.
    public FactReader(FactList list, byte[] body, int length, IngestScope scope, bool partial)
    {
        (this.list, this.body, this.length) = (list, body, length);
        listName = Encoding.UTF8.GetBytes(list.Name);
        findings = new Findings(list.Name, partial);
        draft = list.NewDraft(body, scope, findings);
    }

    /// <summary>Throws a 400 when the body is no JSON of that shape, and a 413 when there are too many facts.</summary>
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
        if (!hasList)
            throw ProblemException.Invalid(new Problem($"/{list.Name}", Codes.Required, $"The body has a list of {list.Name}."));
        if (badWorkspace is not null)
            throw ProblemException.Invalid(badWorkspace);
        return new Batch(facts, findings, customers, workspaces);
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
            var name = JsonSlice.Take(ref reader);
            reader.Read();
            if (name.Is(body, listName))
                List(ref reader);
            else if (JsonSlice.IndexOf(body, name, WorkspaceNames) is >= 0 and var at)
                Workspace("/" + Encoding.UTF8.GetString(WorkspaceNames[at]), JsonSlice.Take(ref reader));
            else
                reader.Skip();
        }
        // Anything but white space after the object is an error of its own.
        reader.Read();
    }

    void List(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw ProblemException.Invalid(new Problem($"/{list.Name}", Codes.Type, $"{list.Name} is a list."));
        facts.Clear();
        customers.Clear();
        findings.Clear();
        hasList = true;
        for (index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index == FactList.MaxFacts)
                throw new ProblemException(413, $"A body has at most {FactList.MaxFacts} {list.Name}.",
                    new Problem($"/{list.Name}", Codes.TooLarge, $"At most {FactList.MaxFacts} {list.Name} are taken at once."));
            Fact(ref reader);
        }
        index = -1;
    }

    void Fact(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            findings.Add(index, "", Codes.Type, $"{list.One} is an object.");
            return;
        }

        draft.Begin(index);
        var last = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Most senders write the members in one order, and many in ours.
            member = JsonSlice.IndexOf(body, JsonSlice.Take(ref reader), draft.Members, last + 1);
            reader.Read();
            if (member < 0)
                reader.Skip();
            else
                draft.Take(last = member, ref reader);
            member = -1;
        }

        draft.Check();
        // A portal key names nobody but its own customer, and is not told whether there are others.
        if (draft.CustomerId is { } customer && draft.Scope.Bound is null)
            customers.Add((index, customer));
        if (!findings.Has(index))
            facts.Add(draft.Finish());
    }

    string Here() => index < 0 ? ""
        : $"/{list.Name}/{index}" + (member < 0 ? "" : "/" + Encoding.UTF8.GetString(draft.Members[member]));

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
