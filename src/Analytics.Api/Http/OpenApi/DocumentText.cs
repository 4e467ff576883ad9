using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Analytics.Http.OpenApi;

/// <summary>The OpenAPI document as text. It follows from the code, so it is made once for each place the service is reached at.</summary>
sealed class DocumentText(IAsyncSwaggerProvider documents, IOptions<AddressOptions> address)
{
    readonly ConcurrentDictionary<string, Lazy<Task<string>>> texts = new(StringComparer.Ordinal);

    /// <summary>The document for those who reach the service under a base path.</summary>
    public Task<string> ReadAsync(PathString under)
    {
        var server = address.Value.Public?.AbsoluteUri.TrimEnd('/') ?? (under.HasValue ? under.Value : "/");
        return texts.GetOrAdd(server, _ => new(() => WriteAsync(server))).Value;
    }

    async Task<string> WriteAsync(string server)
    {
        var document = await documents.GetSwaggerAsync(ApiDocument.Name);
        document.Servers = [new OpenApiServer { Url = server }];
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
    }
}
