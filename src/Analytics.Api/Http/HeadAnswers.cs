using Analytics.Http.OpenApi;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace Analytics.Http;

/// <summary>
/// Every GET but the streams answers HEAD with the same action: the server sends status and headers, and drops what is written as
/// the body.
/// </summary>
sealed class HeadAnswers : IActionModelConvention
{
    static readonly string[] Both = [HttpMethods.Get, HttpMethods.Head];

    public void Apply(ActionModel action)
    {
        if (action.Attributes.OfType<EventStreamAttribute>().Any())
            return;
        foreach (var metadata in action.Selectors.Select(selector => selector.EndpointMetadata))
            if (metadata.OfType<HttpMethodMetadata>().FirstOrDefault() is { HttpMethods: [var only] } known && HttpMethods.IsGet(only))
                metadata[metadata.IndexOf(known)] = new HttpMethodMetadata(Both);
    }
}
