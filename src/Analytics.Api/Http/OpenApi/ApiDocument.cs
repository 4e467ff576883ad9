using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Http.OpenApi;

/// <summary>The OpenAPI document at /openapi.json, and its page at /swagger.</summary>
static class ApiDocument
{
    public const string Name = "v1";
    public const string Bearer = "bearer";
    public const string KeyHeader = "x-api-key";
    public const string StreamToken = "stream-token";
    public const string Session = "session";

    const string Description = """
        Products post facts, people and dashboards read numbers about them. A key is sent as `Authorization: Bearer <key>`,
        `Authorization: <key>` or `X-API-Key: <key>`; each route says in `x-scope` which scope it needs. A user's key names the
        workspace with `workspace_id` unless the user belongs to one only. Errors are `application/problem+json`. Lists page
        by `limit` and `cursor`. Every query answers CSV for `Accept: text/csv` or `format=csv`. Every response carries
        `X-Request-Id`. Members that this document does not know are ignored in requests and may come to answers.
        """;

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<IApiDescriptionProvider, DocumentedNames>();
        services.AddSingleton<ShownRules>();
        services.AddSingleton<IAsyncSwaggerProvider, NamedDocument>();
        services.AddSingleton<DocumentText>();
        services.AddEndpointsApiExplorer().AddSwaggerGen(Describe);
    }

    public static void UseApiDocument(this WebApplication app)
    {
        // The page answers GET only; of a HEAD the server drops the body.
        app.Use((http, next) =>
        {
            if (HttpMethods.IsHead(http.Request.Method) && http.Request.Path.StartsWithSegments("/swagger"))
                http.Request.Method = HttpMethods.Get;
            return next(http);
        });
        app.UseSwaggerUI(page => page.SwaggerEndpoint("../openapi.json", "Analytics"));
    }

    static void Describe(SwaggerGenOptions swagger)
    {
        swagger.SwaggerDoc(Name, new OpenApiInfo
        {
            Title = "Analytics",
            Version = Name,
            Description = Description,
            License = new OpenApiLicense { Name = "Apache License 2.0", Identifier = "Apache-2.0" },
        });
        swagger.IncludeXmlComments(typeof(ApiDocument).Assembly, includeControllerXmlComments: true);
        swagger.CustomOperationIds(OperationNames.Of);
        swagger.SupportNonNullableReferenceTypes();
        AddCredentials(swagger);
        MapTypes(swagger);
        swagger.ParameterFilter<DocumentedQueries>();
        swagger.OperationFilter<DocumentedParameters>();
        swagger.OperationFilter<DocumentedAccess>();
        swagger.OperationFilter<DocumentedRefusals>();
        swagger.OperationFilter<DocumentedExamples>();
    }

    static void AddCredentials(SwaggerGenOptions swagger)
    {
        swagger.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key, with or without the word Bearer before it.",
        });
        swagger.AddSecurityDefinition(KeyHeader, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-API-Key",
            Description = "A key.",
        });
        swagger.AddSecurityDefinition(StreamToken, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Query,
            Name = "access_token",
            Description = "A token of POST /api/stream/tokens, where no header can be sent.",
        });
        swagger.AddSecurityDefinition(Session, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "analytics_session",
            Description = """
                The cookie of POST /api/session, called __Host-analytics_session on https, __Secure-analytics_session under a base path
                there. It counts where no key is sent; what changes something by it needs Sec-Fetch-Site: same-origin or the service's own
                Origin, and application/json.
                """,
        });
    }

    // Types that write themselves.
    static void MapTypes(SwaggerGenOptions swagger)
    {
        swagger.MapType<JsonElement>(() => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Any JSON object.",
            AdditionalProperties = new OpenApiSchema(),
            Examples = [new JsonObject { ["project"] = "apollo", ["pages"] = 12 }],
        });
        swagger.MapType<JsonObjectText>(() => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = new OpenApiSchema(),
        });
        swagger.MapType<object>(() => new OpenApiSchema());
        swagger.MapType<NumberOrText>(() => new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.String });
        swagger.MapType<ExactNumber>(() => new OpenApiSchema { Type = JsonSchemaType.Number });
        swagger.MapType<ExactNumber?>(() => new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null });
        swagger.MapType<NamedDecimals>(() => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^-?\d+(\.\d+)?$" },
            Examples = [new JsonObject { ["_cost_amount"] = "18.5" }],
        });
    }
}
