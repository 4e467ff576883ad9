using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Analytics.Http.OpenApi;

/// <summary>The OpenAPI document as text. It follows from the code, so it is made once.</summary>
sealed class DocumentText(IAsyncSwaggerProvider documents)
{
    readonly Lazy<Task<string>> text = new(async () =>
        await (await documents.GetSwaggerAsync(ApiDocument.Name)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));

    public Task<string> ReadAsync() => text.Value;
}
