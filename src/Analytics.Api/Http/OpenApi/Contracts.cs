using System.Text.Json;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>How types look in JSON: a member of a PATCH body like what it holds.</summary>
sealed class Contracts(JsonSerializerOptions json) : ISerializerDataContractResolver
{
    readonly JsonSerializerDataContractResolver inner = new(json);

    public DataContract GetDataContractForType(Type type) => inner.GetDataContractForType(Held(type));

    public static Type Held(Type type) => IsOptional(type) ? type.GetGenericArguments()[0] : type;

    public static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
}
