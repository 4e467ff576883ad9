using System.Text.Json;

namespace Analytics.Tests.Contract;

/// <summary>A client that holds every body it sends and every answer it gets against the OpenAPI document.</summary>
sealed class HeldClient(ApiClient client, Documented document, HashSet<string> seen)
{
    /// <summary>The id of what was made.</summary>
    public static string Id(JsonElement made) => made.GetProperty("id").GetString()!;

    public HeldClient As(ApiClient other) => new(other, document, seen);

    public Task<JsonElement> GetAsync(string path) => SendAsync("GET", path, null, 200);

    public Task<JsonElement> PostAsync(string path, object? body, int status = 201) => SendAsync("POST", path, body, status);

    public async Task<JsonElement> SendAsync(string method, string path, object? body, int status)
    {
        var operation = document.Find(method, path);
        if (body is not null)
            document.AssertFits(
                Operation.Media(operation.Bodies.Single(), "application/json")!.Value.GetProperty("schema"),
                JsonSerializer.SerializeToElement(body, JsonSerializerOptions.Default), $"The body of {operation}");
        var answer = await client.SendAsync(new HttpMethod(method), path, body, status);
        if (operation.Answer(status) is { } media)
            document.AssertFits(media.GetProperty("schema"), answer, $"{path} {status}");
        else
            Assert.Equal(JsonValueKind.Undefined, answer.ValueKind);
        seen.Add($"{operation}");
        return answer;
    }
}
