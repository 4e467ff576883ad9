using System.Text.Json;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Features.Ingestion;

/// <summary>What the rules compare with: the workspace, who may be named, and the time.</summary>
/// <param name="Currency">The workspace's, in which costs must be.</param>
/// <param name="Bound">The only customer the key may write for, if it is bound to one.</param>
/// <param name="Now">Microseconds since 1970.</param>
/// <param name="App">The number of the app whose facts they are; 0 where the path names none.</param>
sealed record IngestScope(string Currency, Customer? Bound, long Now, int App = 0);

/// <summary>
/// The fact being read: first where its members stand, then, rule by rule, what they say. Reused from fact to fact.
/// </summary>
abstract class FactDraft(
    byte[] body, IngestScope scope, Findings findings, byte[][] names, MetadataReader? metadata = null, int metadataMember = -1)
{
    readonly JsonSlice[] members = new JsonSlice[names.Length];

    public byte[] Body => body;
    public IngestScope Scope => scope;

    /// <summary>The names of the members that we know, in their order.</summary>
    public byte[][] Members => names;

    public int Index { get; private set; }
    public long Timestamp { get; set; }
    public Guid? CustomerId { get; set; }
    public ReadOnlyMemory<byte> ExternalCustomerId { get; set; }
    public ReadOnlyMemory<byte> ExternalId { get; set; }

    /// <summary>Walks through the member that holds metadata, when facts of the kind have one.</summary>
    protected MetadataReader? Metadata => metadata;

    protected ref JsonSlice this[int member] => ref members[member];

    public void Begin(int index)
    {
        Index = index;
        Array.Clear(members);
        metadata?.Clear();
        Timestamp = scope.Now;
        CustomerId = null;
        ExternalCustomerId = ExternalId = default;
        Clear();
    }

    /// <summary>Remembers the value the reader stands on as a member's; the last one counts.</summary>
    public void Take(int member, ref Utf8JsonReader reader)
    {
        if (member == metadataMember)
            metadata!.Clear();
        members[member] = member == metadataMember && reader.TokenType == JsonTokenType.StartObject
            ? metadata!.Read(ref reader)
            : JsonSlice.Take(ref reader);
    }

    public void Refuse(string pointer, string code, string message) => findings.Add(Index, pointer, code, message);

    /// <summary>Goes through the rules of its kind.</summary>
    public abstract void Check();

    /// <summary>The fact, when no rule refused it.</summary>
    public abstract IncomingFact Finish();

    /// <summary>Forgets what the rules of its kind found.</summary>
    protected abstract void Clear();
}
