using System.Buffers;
using System.Text;
using System.Text.Json;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Analytics.Http;

/// <summary>
/// Reads JSON bodies. Where the serialiser stops at the first member of the wrong type, this goes on, so that all problems
/// of a request are reported together.
/// </summary>
public sealed class JsonBodies : TextInputFormatter
{
    public JsonBodies()
    {
        SupportedEncodings.Add(UTF8EncodingWithoutBOM);
        SupportedMediaTypes.Add("application/json");
        SupportedMediaTypes.Add("text/json");
        SupportedMediaTypes.Add("application/*+json");
    }

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context, Encoding encoding)
    {
        var body = await BodyAsync(context.HttpContext);
        var options = Naming.Of(context.HttpContext).Json;
        if (body.Length == 0)
            return await InputFormatterResult.NoValueAsync();
        try
        {
            var value = JsonSerializer.Deserialize(body.Span, context.ModelType, options);
            return value is null ? await InputFormatterResult.NoValueAsync() : await InputFormatterResult.SuccessAsync(value);
        }
        catch (JsonException e)
        {
            var read = LenientJson.Read(body, context.ModelType, options, e);
            foreach (var problem in read.Problems)
                context.ModelState.AddModelError("$" + problem.Pointer, problem.Message);
            return read.Value is null ? await InputFormatterResult.FailureAsync() : await InputFormatterResult.SuccessAsync(read.Value);
        }
    }

    static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http)
    {
        if (http.Request.Headers.ContentEncoding is [{ Length: > 0 } encoding] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(415, "The route takes no Content-Encoding.");
        var body = new ArrayBufferWriter<byte>();
        int read;
        while ((read = await http.Request.Body.ReadAsync(body.GetMemory(4096), http.RequestAborted)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > WorkspaceNames.LongestBody)
                throw new ProblemException(413, $"The body is larger than {WorkspaceNames.LongestBody} bytes.");
        }
        var text = body.WrittenMemory;
        return text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
    }
}
