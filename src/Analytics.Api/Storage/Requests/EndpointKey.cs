namespace Analytics.Storage.Requests;

/// <summary>
/// What requests to one endpoint have in common: <c>METHOD:/path</c>, with <c>:id</c> for each segment that is an id. Nothing else of the
/// path changes, but that matrix parameters (<c>;a=b</c>) go as query strings do.
/// </summary>
static class EndpointKey
{
    const int Usual = 512;

    static ReadOnlySpan<byte> Id => ":id"u8;

    /// <summary>A route says best what the endpoint is, and stays as it was sent.</summary>
    public static byte[] OfRoute(ReadOnlySpan<byte> method, ReadOnlySpan<byte> route) => [.. method, (byte)':', .. route];

    /// <summary>The path begins with <c>/</c>, or is <c>*</c>.</summary>
    public static byte[] OfPath(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        // A slash and a digit, two characters, become four.
        var most = method.Length + 1 + 2 * path.Length;
        var key = most <= Usual ? stackalloc byte[Usual] : new byte[most];
        method.CopyTo(key);
        key[method.Length] = (byte)':';
        var length = method.Length + 1;
        while (!path.IsEmpty)
        {
            var next = path[1..].IndexOf((byte)'/') + 1;
            var segment = next == 0 ? path : path[..next];
            length += Write(segment, key[length..]);
            path = path[segment.Length..];
        }
        return key[..length].ToArray();
    }

    // The segment comes with its slash.
    static int Write(ReadOnlySpan<byte> segment, Span<byte> key)
    {
        if (segment.IndexOf((byte)';') is > 0 and var parameters)
            segment = segment[..parameters];
        if (!PathSegment.IsId(segment[1..]))
        {
            segment.CopyTo(key);
            return segment.Length;
        }
        key[0] = (byte)'/';
        Id.CopyTo(key[1..]);
        return 1 + Id.Length;
    }
}
