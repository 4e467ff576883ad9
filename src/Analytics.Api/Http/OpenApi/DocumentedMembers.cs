using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>
/// What the members of a record may hold, by its validator and its attributes, and which of them are always there: in an answer all but
/// those that are left out when there is nothing to say, in a request those without which it is refused.
/// </summary>
sealed class DocumentedMembers(JsonSerializerOptions json, IReadOnlySet<Type> asked, ShownRules rules) : ISchemaFilter
{
    readonly NullabilityInfoContext nullability = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema shown)
            return;
        if (context.ParameterInfo is { } parameter)
            shown.Narrow(parameter.GetCustomAttributes());
        else if (context.MemberInfo is PropertyInfo property)
            Narrow(shown, property);
        else if (shown.Properties is { Count: > 0 } && json.GetTypeInfo(context.Type) is { Kind: JsonTypeInfoKind.Object } record)
            Complete(shown, record);
    }

    void Narrow(OpenApiSchema schema, PropertyInfo property)
    {
        if (Contracts.IsOptional(property.PropertyType))
            schema.Type |= JsonSchemaType.Null;
        schema.Narrow(property.GetCustomAttributes());
        rules.Show(property.ReflectedType!, property.Name, schema);
    }

    void Complete(OpenApiSchema schema, JsonTypeInfo record)
    {
        // Clients may send more than is known here, and answers may come to say more.
        schema.AdditionalPropertiesAllowed = true;
        schema.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in record.Properties.Where(member => schema.Properties!.ContainsKey(member.Name)))
        {
            // What is left out rather than null is never null.
            var isLeftOut = member.ShouldSerialize is not null;
            if (asked.Contains(record.Type) ? IsDemanded(record.Type, member) : !isLeftOut)
                schema.Required.Add(member.Name);
            schema.Properties![member.Name] = Nullable(schema.Properties[member.Name], !isLeftOut && MayBeNull(member));
        }
    }

    bool IsDemanded(Type record, JsonPropertyInfo member) => !Contracts.IsOptional(member.PropertyType)
        && (member.IsRequired || rules.Demand(record, ((PropertyInfo)member.AttributeProvider!).Name)
            || (member.AssociatedParameter is { HasDefaultValue: false } && !MayBeNull(member)));

    bool MayBeNull(JsonPropertyInfo member) => Contracts.IsOptional(member.PropertyType)
        || (member.AttributeProvider is PropertyInfo property && nullability.Create(property).ReadState == NullabilityState.Nullable);

    // A rule may have said already that it is not.
    static IOpenApiSchema Nullable(IOpenApiSchema schema, bool mayBeNull)
    {
        if (schema is not OpenApiSchema own)
            return mayBeNull
                ? new OpenApiSchema { Description = schema.Description, AnyOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }] }
                : schema;
        if (!mayBeNull)
            own.Type &= ~JsonSchemaType.Null;
        else if (own.Type?.HasFlag(JsonSchemaType.Null) == true)
            own.Enum?.Add(JsonNullSentinel.JsonNull);
        return own;
    }
}
