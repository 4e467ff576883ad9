using System.Text;

namespace Analytics.Tests.Contract.Generated;

/// <summary>A request that can be sent, and told so that somebody can send it again.</summary>
sealed record GeneratedRequest(
    Operation Operation, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string? ContentType)
{
    /// <summary>Whether the server takes it for no request at all, which needs no answer of the service's.</summary>
    public bool IsRefusedBeforeRouting => Target.Length > 8_000 || Target.Split('?')[0].Contains("%00", StringComparison.Ordinal);

    public HttpRequestMessage ToMessage(Uri address)
    {
        // As it stands: nothing is escaped or shortened on the way.
        var uri = new Uri(address.GetLeftPart(UriPartial.Authority) + Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), uri);
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (Body is null)
            return message;
        message.Content = new ByteArrayContent(Body);
        if (ContentType is not null)
            message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return message;
    }

    public string ToCurl(Uri address)
    {
        var curl = new StringBuilder();
        if (Body is not null)
            curl.Append("printf %s ").Append(Convert.ToBase64String(Body)).Append(" | base64 -d | ");
        curl.Append("curl -i --path-as-is -X ").Append(Method);
        foreach (var (name, value) in Headers)
            curl.Append(" -H ").Append(Quoted($"{name}: {value}"));
        if (Body is not null)
            curl.Append(" --data-binary @- -H ").Append(Quoted($"Content-Type: {ContentType}"));
        return curl.Append(' ').Append(Quoted(address.GetLeftPart(UriPartial.Authority) + Target)).ToString();
    }

    static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
