using System.Text.Json;
using Analytics.Contract;

namespace Analytics.Tenancy;

/// <summary>Reads which workspace a request names: <c>workspace_id</c> or <c>tenantId</c>, in the query or a JSON body.</summary>
static class WorkspaceNames
{
    static readonly string[] Names = [WorkspaceName.Snake, WorkspaceName.Camel];

    /// <summary>Every workspace id that the query names, and the body where it was read; 400 for what is no id.</summary>
    public static IReadOnlyList<Guid> Of(HttpContext http)
    {
        List<Guid>? named = null;
        foreach (var name in Names)
            foreach (var value in http.Request.Query[name])
                (named ??= []).Add(Guid.TryParse(value, out var id) ? id : throw Bad(name, name));
        if (JsonBody.Read(http) is { } body)
            foreach (var id in InBody(body.Span))
                (named ??= []).Add(id);
        return named ?? (IReadOnlyList<Guid>)[];
    }

    // Stops at the first thing that is not JSON: the binder will say what is wrong with it.
    static List<Guid> InBody(ReadOnlySpan<byte> body)
    {
        var named = new List<Guid>();
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
                named.Add(TryId(ref reader, out var id) ? id : throw Bad("/" + name, name));
            }
        }
        catch (JsonException)
        {
        }
        return named;
    }

    static ProblemException Bad(string pointer, string name) =>
        ProblemException.Invalid(new Problem(pointer, "uuid", $"{name} must be a workspace's id."));

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
