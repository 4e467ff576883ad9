using System.Text.Json;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Http.OpenApi;

/// <summary>What the service can do, for programs that make clients.</summary>
[ApiController, Open]
sealed class DocumentController(DocumentText document) : ControllerBase
{
    const string Short = """{"openapi":"3.1.1","info":{"title":"Analytics","version":"v1"},"paths":{}}""";

    /// <summary>This document, OpenAPI 3.1.</summary>
    [HttpGet("/openapi.json"), ProducesResponseType<JsonElement>(200), Example(Answer = Short)]
    public async Task<ContentResult> GetOpenApi() => Content(await document.ReadAsync(Request.PathBase), "application/json; charset=utf-8");

    /// <summary>The same document, where tools of Swagger look for it.</summary>
    [HttpGet("/swagger/v1/swagger.json"), ProducesResponseType<JsonElement>(200), Example(Answer = Short)]
    public Task<ContentResult> GetSwagger() => GetOpenApi();
}
