using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Analytics.Features.Metrics;

/// <summary>What the document says of metrics: it follows from the catalogue.</summary>
static class MetricsSetup
{
    public static void AddMetricsDocument(this IServiceCollection services) => services.ConfigureSwaggerGen(swagger =>
    {
        swagger.MapType<MetricsPeriod>(Period);
        swagger.OperationFilter<DocumentedMetrics>();
    });

    static OpenApiSchema Period()
    {
        var members = new Dictionary<string, IOpenApiSchema>
        {
            ["timestamp"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            ["partial"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        };
        foreach (var metric in MetricCatalogue.All)
            members.Add(metric.Slug, new OpenApiSchema { Type = JsonSchemaType.Number, Description = metric.Formula });
        return new OpenApiSchema { Type = JsonSchemaType.Object, Properties = members, Required = new HashSet<string> { "timestamp" } };
    }
}

/// <summary>A table of what each metric is.</summary>
sealed class DocumentedMetrics : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.MethodInfo.DeclaringType != typeof(MetricsController)
            || context.MethodInfo.Name != nameof(MetricsController.QueryMetrics))
            return;
        operation.Parameters?.Add(new OpenApiParameter
        {
            Name = "If-None-Match",
            In = ParameterLocation.Header,
            Description = "The ETag of an answer the client has.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        var table = new StringBuilder(operation.Description)
            .Append("\n\n| metric | type | per bucket | total | from |\n|---|---|---|---|---|\n");
        foreach (var metric in MetricCatalogue.All)
        {
            var type = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{metric.Type}");
            table.Append($"| `{metric.Slug}` | {type} | {metric.Formula} | {metric.Total} | {metric.Source} |\n");
        }

        operation.Description = table.ToString();
    }
}
