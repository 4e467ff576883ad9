using System.Buffers;
using System.Text.Json;
using Analytics.Http;

namespace Analytics.Tenancy;

/// <summary>Reads which workspace a request names: <c>workspace_id</c> or <c>tenantId</c>, in the query or a JSON body.</summary>
public static class WorkspaceNames
{
    /// <summary>Larger JSON bodies are refused with 413, but for the bulk routes, which read their own.</summary>
    public const int LongestBody = 1 << 20;

    static readonly string[] Names = ["workspace_id", "tenantId"];

    /// <summary>Every workspace id the query names; 400 for what is no id.</summary>
    public static IReadOnlyList<Guid> InQuery(IQueryCollection query)
    {
        List<Guid>? named = null;
        foreach (var name in Names)
            foreach (var value in query[name])
                (named ??= []).Add(Guid.TryParse(value, out var id)
                    ? id
                    : throw ProblemException.Invalid(new Problem(name, "uuid", $"{name} must be a workspace's id.")));
        return named ?? (IReadOnlyList<Guid>)[];
    }

    /// <summary>The workspace a JSON body names at its top level. The body can be read again afterwards.</summary>
    public static async Task<Guid?> InBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength is 0 || !request.HasJsonContentType())
            return null;
        request.EnableBuffering(2 * LongestBody);
        var body = new ArrayBufferWriter<byte>();
        int read;
        while ((read = await request.Body.ReadAsync(body.GetMemory(4096), cancel)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > LongestBody)
                throw new ProblemException(413, $"The body is larger than {LongestBody} bytes.");
        }
        request.Body.Position = 0;
        return Named(body.WrittenSpan);
    }

    // Stops at the first thing that is not JSON: the binder will say what is wrong with it.
    static Guid? Named(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = reader.ValueTextEquals(Names[0]) ? Names[0] : reader.ValueTextEquals(Names[1]) ? Names[1] : null;
                if (name is null || !reader.Read() || reader.TokenType == JsonTokenType.Null)
                    continue;
                return TryId(ref reader, out var id)
                    ? id
                    : throw ProblemException.Invalid(new Problem("/" + name, "uuid", $"{name} must be a workspace's id."));
            }
        }
        catch (JsonException)
        {
        }
        return null;
    }

    static bool TryId(ref Utf8JsonReader reader, out Guid id)
    {
        id = default;
        try
        {
            return reader.TokenType == JsonTokenType.String && Guid.TryParse(reader.GetString(), out id);
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return false;
        }
    }
}
