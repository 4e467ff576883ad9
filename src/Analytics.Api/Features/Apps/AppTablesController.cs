using Analytics.AppDatabases;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Features.Apps;

/// <summary>The tables of an app's Postgres workspace.</summary>
[ApiController, Route("api/apps/{id}/stats/tables"), CamelCase, RequireScope(Scopes.AppsWrite, AppInPath = "id")]
sealed class AppTablesController(AppTables tables, TablePreview previews) : ControllerBase
{
    /// <summary>
    /// The tables with their columns, by name; none without a workspace. Pieces of partitioned tables are tables too; views and
    /// <c>_migrations</c> are left out.
    /// </summary>
    [HttpGet]
    public Task<IReadOnlyList<AppTable>> List(CancellationToken cancel) => tables.OfAsync(HttpContext.App, cancel);

    /// <summary>
    /// Rows of a table by its primary key, or as they lie where it has none. int8 and numeric are strings, json is json, other values as
    /// Postgres writes them, times in ISO 8601. Above 1 MB rows at the end are left out, and long values of a first row that is larger by
    /// itself are cut. 404 for what is no table of the app's own, letter by letter.
    /// </summary>
    [HttpPost("{table}/preview"), AsksOnly, Example(Answer = Sample)]
    public async Task<PreviewAnswer> Preview(
        string table, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] PreviewRequest? request, CancellationToken cancel)
    {
        var asked = request ?? new PreviewRequest(null, null);
        var found = await previews.OfAsync(
            HttpContext.App, table, asked.Limit ?? PreviewRules.UsualLimit, asked.Offset ?? 0, cancel);
        return PreviewAnswer.Of(found ?? throw ProblemException.NotFound());
    }

    const string Sample = """
        {"rows":[{"id":"123e4567-e89b-12d3-a456-426614174000","email":"user@example.com","created_at":"2024-02-01T10:00:00Z"}],
         "rowCount":1,"totalRows":1250,
         "fields":[{"name":"id","dataTypeID":2950},{"name":"email","dataTypeID":1043},{"name":"created_at","dataTypeID":1184}]}
        """;
}
