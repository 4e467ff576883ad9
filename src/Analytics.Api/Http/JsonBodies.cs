using System.Text.Json;
using Analytics.Contract;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Analytics.Http;

/// <summary>
/// Reads JSON bodies under the route's names. Where the serialiser stops at the first member of the wrong type, this goes on, so that
/// all problems of a request are reported together.
/// </summary>
sealed class JsonBodies : InputFormatter
{
    public JsonBodies()
    {
        SupportedMediaTypes.Add("application/json");
        SupportedMediaTypes.Add("text/plain");
    }

    // What it cannot read is refused while it is read.
    public override bool CanRead(InputFormatterContext context) => true;

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context)
    {
        var body = await JsonBody.ReadAsync(context.HttpContext);
        var options = Naming.Of(context.HttpContext).Json;
        if (body.Length == 0)
            return context.TreatEmptyInputAsDefaultValue
                ? await InputFormatterResult.SuccessAsync(null!)
                : await InputFormatterResult.NoValueAsync();
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
}
