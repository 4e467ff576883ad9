using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Analytics.Http;
using Analytics.Storage.Schema;
using Microsoft.Net.Http.Headers;

namespace Analytics.Features.Metrics;

/// <summary>
/// The entity tag of an answer: a hash of everything it follows from, so that it is known without the answer. Two answers that
/// differ never have the same one: not after a write, not when a bucket or a share ends, not of two workspaces or two questions.
/// </summary>
sealed class MetricsTag(Workspace workspace, Customer? boundTo, MetricsQuestion question, bool isCsv)
{
    // Another build may have other formulas.
    static readonly Guid Build = typeof(MetricsTag).Module.ModuleVersionId;

    public EntityTagHeaderValue Of(MetricsVersion version) => Of(
        [version.Sequence, version.People, version.LastExpiry, question.Ranges.Sum(Ended)]);

    /// <summary>The tag of an answer that is there: it changes when the answer does, and by nothing else.</summary>
    public EntityTagHeaderValue Of(MetricsAnswer answer) => Of([JsonSerializer.SerializeToElement(answer, Json.Snake)]);

    EntityTagHeaderValue Of(object?[] follows)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes<object?[]>(
        [
            Build, workspace.Id, boundTo?.Id, isCsv,
            question.Ranges.Select(range => new[] { range.Whole.From, range.Whole.To }), question.Range.Whole.Zone.Name,
            question.Range.Interval, question.Metrics.Select(metric => metric.Slug), question.Shares, question.Customers,
            question.ExternalCustomers, .. follows,
        ]);
        return new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 18))}\"");
    }

    // A bucket that ends is not partial any more.
    int Ended(MetricsRange range) => range.Buckets.Count(bucket => bucket.End <= question.Now);
}
