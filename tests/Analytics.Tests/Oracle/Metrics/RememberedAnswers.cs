using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Asks as a browser does, which remembers an answer and asks whether it has changed.</summary>
sealed class RememberedAnswers(WorkspaceClient client)
{
    readonly Dictionary<string, (EntityTagHeaderValue Tag, JsonElement Answer)> remembered = [];

    /// <summary>The answer, whatever was remembered.</summary>
    public async Task<JsonElement> AskAsync(string path)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        var json = JsonElement.Parse(text);
        if (answer.Headers.ETag is { } tag)
            remembered[path] = (tag, json);
        return json;
    }

    /// <summary>The remembered answer when the service says that it stands; null when it does not, or nothing is remembered.</summary>
    public async Task<JsonElement?> UnchangedAsync(string path)
    {
        if (!remembered.TryGetValue(path, out var last))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(last.Tag);
        using var answer = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode == HttpStatusCode.NotModified ? last.Answer : null;
    }
}
