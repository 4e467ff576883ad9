using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>Which query parameters there must be, and that none of them is null.</summary>
sealed class DocumentedQueries(ShownRules rules) : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter shown)
            return;
        if (context.PropertyInfo is { } property)
            shown.Required |= rules.Demand(property.ReflectedType!, property.Name)
                || property.GetCustomAttributes(typeof(ShownAttribute), inherit: true) is [ShownAttribute { IsRequired: true }];
        if (shown.Schema is OpenApiSchema schema)
        {
            schema.Type &= ~JsonSchemaType.Null;
            if (schema.Items is OpenApiSchema item)
                item.Type &= ~JsonSchemaType.Null;
        }
    }
}
