using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Analytics.Http;

/// <summary>Writes answers as JSON, under the route's names.</summary>
sealed class JsonAnswers : TextOutputFormatter
{
    public JsonAnswers()
    {
        SupportedEncodings.Add(Encoding.UTF8);
        SupportedMediaTypes.Add("application/json");
    }

    public override Task WriteResponseBodyAsync(OutputFormatterWriteContext context, Encoding selectedEncoding) =>
        WriteAsync(context.HttpContext, context.Object, Naming.Of(context.HttpContext).Json);

    /// <summary>Writes a body. A small one says how long it is; a large one leaves while it is made.</summary>
    public static Task WriteAsync(HttpContext http, object? answer, JsonSerializerOptions options) => SmallFirst.WriteAsync(
        http, body => JsonSerializer.SerializeAsync(body, answer, answer?.GetType() ?? typeof(object), options, http.RequestAborted));
}
