using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Analytics.Http.OpenApi;

/// <summary>What clients call an operation: it is a method's name in those that are made from the document, so it never changes.</summary>
static class OperationNames
{
    public static string? Of(ApiDescription route) => route.ActionDescriptor is ControllerActionDescriptor action
        ? Of(action.ControllerName, action.ActionName)
        : route.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().SingleOrDefault()?.EndpointName;

    /// <summary>
    /// An action of one word does it to what its controller is called after: List of Customers is listCustomers, Get getCustomer. One of
    /// several words says all.
    /// </summary>
    public static string Of(string controller, string action) => JsonNamingPolicy.CamelCase.ConvertName(
        action.Skip(1).Any(char.IsUpper) ? action
        : action == "List" ? action + controller
        : action + One(controller));

    static string One(string several) =>
        several.EndsWith("ies", StringComparison.Ordinal) ? several[..^3] + "y"
        : several.EndsWith('s') ? several[..^1]
        : several;
}
