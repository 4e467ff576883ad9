using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Http.OpenApi;

/// <summary>Query parameters are documented under the names by which the route takes them.</summary>
sealed class DocumentedNames : IApiDescriptionProvider
{
    // After the one that finds them.
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var route in context.Results)
            foreach (var parameter in route.ParameterDescriptions.Where(parameter => parameter.Source == BindingSource.Query))
                parameter.Name = Naming.Of(route.ActionDescriptor.EndpointMetadata).NameOf(parameter.Name);
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }
}
