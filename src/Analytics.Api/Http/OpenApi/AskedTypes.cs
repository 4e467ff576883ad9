using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Http.OpenApi;

/// <summary>The types of request bodies and of all that is in them: clients may leave out what an answer always has.</summary>
static class AskedTypes
{
    public static HashSet<Type> Of(IApiDescriptionGroupCollectionProvider routes, JsonSerializerOptions json)
    {
        var found = new HashSet<Type>();
        foreach (var route in routes.ApiDescriptionGroups.Items.SelectMany(group => group.Items))
        {
            foreach (var body in route.ParameterDescriptions.Where(parameter => parameter.Source == BindingSource.Body))
                Add(body.Type, json, found);
            foreach (var body in route.ActionDescriptor.EndpointMetadata.OfType<BodyAttribute>())
                Add(body.Type, json, found);
        }
        return found;
    }

    static void Add(Type type, JsonSerializerOptions json, HashSet<Type> found)
    {
        type = Nullable.GetUnderlyingType(Contracts.Held(type)) ?? Contracts.Held(type);
        var shape = json.GetTypeInfo(type);
        if (shape.Kind == JsonTypeInfoKind.None || !found.Add(type))
            return;
        if (shape.ElementType is { } item)
            Add(item, json, found);
        foreach (var member in shape.Properties)
            Add(member.PropertyType, json, found);
    }
}
