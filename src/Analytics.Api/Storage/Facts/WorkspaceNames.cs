using Analytics.Storage.Business;

namespace Analytics.Storage.Facts;

/// <summary>
/// The numbers a writer knows for a workspace's event types, people and fields. Only ever filled under the workspace's
/// lock and dropped when a transaction fails, so that it never holds a number the store does not.
/// </summary>
sealed class WorkspaceNames
{
    public Dictionary<string, int> Types { get; } = new(StringComparer.Ordinal);
    public Dictionary<Guid, int> Customers { get; } = [];
    public Dictionary<byte[], int> Externals { get; } = new(new BytesComparer());

    /// <summary>Paths of the fields registered by this workspace; the first is field 6.</summary>
    public List<string> Fields { get; } = [];

    public int Version { get; set; } = -1;

    /// <summary>What costs are counted in: fixed from the first that was stored, and null while none is known to be.</summary>
    public string? Currency { get; set; }

    /// <summary>What requests name.</summary>
    public RequestNames Requests { get; } = new();

    /// <summary>The viewers and devices of apps.</summary>
    public KnownSubjects Subjects { get; } = new();

    /// <summary>What analytics of the business group by.</summary>
    public KnownTexts Texts { get; } = new();

    /// <summary>The numbers of cost keys without the subscriptions they name, by their own.</summary>
    public Dictionary<int, int> PlainKeys { get; } = [];

    /// <summary>What events are counted by.</summary>
    public KnownUnits Units { get; } = new();

    /// <summary>About how much is known of people and of what they name.</summary>
    public int Count => Customers.Count + Externals.Count + Requests.Count + Subjects.Count + Texts.Count;

    /// <summary>The person a fact names: 0 for nobody, null when this writer has not met them.</summary>
    public int? PersonOf(IncomingFact fact)
    {
        if (fact.CustomerId is { } customer)
            return Customers.TryGetValue(customer, out var known) ? known : null;
        if (fact.ExternalCustomerId.IsEmpty)
            return 0;
        return Externals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(fact.ExternalCustomerId.Span, out var person) ? person : null;
    }

    public void ForgetPeople()
    {
        Customers.Clear();
        Externals.Clear();
        Requests.ForgetPeoplesTexts();
    }

    internal sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }
    }
}
