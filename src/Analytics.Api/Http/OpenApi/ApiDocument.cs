using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>The OpenAPI document at /swagger/v1/swagger.json and its page at /swagger.</summary>
public static class ApiDocument
{
    public const string Bearer = "bearer";
    public const string KeyHeader = "x-api-key";

    const string Description = """
        Products post facts, people and dashboards read numbers about them. A key is sent as `Authorization: Bearer <key>`,
        `Authorization: <key>` or `X-API-Key: <key>`; each route says in `x-scope` which scope it needs. A user's key names the
        workspace with `workspace_id` unless the user belongs to one only. Errors are `application/problem+json`. Lists page
        by `limit` and `cursor`. Every query answers CSV for `Accept: text/csv` or `format=csv`.
        """;

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<IApiDescriptionProvider, DocumentedNames>();
        services.AddSingleton<IAsyncSwaggerProvider, NamedDocument>();
        services.AddEndpointsApiExplorer().AddSwaggerGen(Describe);
    }

    static void Describe(SwaggerGenOptions swagger)
    {
        swagger.SwaggerDoc("v1", new OpenApiInfo { Title = "Analytics", Version = "v1", Description = Description });
        swagger.IncludeXmlComments(typeof(ApiDocument).Assembly, includeControllerXmlComments: true);
        swagger.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        swagger.AddSecurityDefinition(KeyHeader, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-API-Key",
        });
        swagger.SupportNonNullableReferenceTypes();
        swagger.MapType<JsonElement>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
        swagger.MapType<ExactNumber>(() => new OpenApiSchema { Type = JsonSchemaType.Number });
        swagger.MapType<ExactNumber?>(() => new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null });
        swagger.MapType<NamedDecimals>(() => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        MapGivenMembers(swagger);
        swagger.OperationFilter<DocumentedParameters>();
        swagger.OperationFilter<DocumentedAccess>();
        swagger.OperationFilter<DocumentedExamples>();
    }

    public static void UseApiDocument(this WebApplication app)
    {
        // These answer GET only; of a HEAD the server drops the body.
        app.Use((http, next) =>
        {
            if (HttpMethods.IsHead(http.Request.Method) && http.Request.Path.StartsWithSegments("/swagger"))
                http.Request.Method = HttpMethods.Get;
            return next(http);
        });
        app.UseSwagger();
        app.UseSwaggerUI(page => page.SwaggerEndpoint("/swagger/v1/swagger.json", "Analytics"));
    }

    // A member of a PATCH body is documented as what it holds.
    static void MapGivenMembers(SwaggerGenOptions swagger)
    {
        var given = typeof(ApiDocument).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Select(property => property.PropertyType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Given<>))
            .Distinct();
        foreach (var type in given)
        {
            var held = Nullable.GetUnderlyingType(type.GetGenericArguments()[0]) ?? type.GetGenericArguments()[0];
            swagger.MapType(type, () => new OpenApiSchema { Type = JsonSchemaType.Null | SchemaTypeOf(held) });
        }
    }

    static JsonSchemaType SchemaTypeOf(Type type) => type switch
    {
        _ when type == typeof(string) || type == typeof(Guid) || type == typeof(DateTimeOffset) => JsonSchemaType.String,
        _ when type == typeof(int) || type == typeof(long) => JsonSchemaType.Integer,
        _ when type == typeof(decimal) || type == typeof(double) => JsonSchemaType.Number,
        _ when type == typeof(bool) => JsonSchemaType.Boolean,
        _ => JsonSchemaType.Object,
    };
}
