using Analytics.Contract;
using Analytics.Sharing;
using Analytics.Storage.Facts;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Time;

namespace Analytics.Features.Ingestion;

/// <summary>
/// A request's way: read the body, read and check its facts, see that the customers exist, write what is valid, answer.
/// </summary>
sealed class FactIngest(BodyRoom room, KnownCustomers customers, FactWriter writer, TimeProvider time)
{
    const int MaxBytes = 10 * 1024 * 1024;
    const int LargeBytes = 1024 * 1024;

    // Large and packed bodies keep a processor busy: they take turns, so that small ones find one.
    readonly Turns processors = new("large bodies", Environment.ProcessorCount, time);

    /// <summary>Answers after the commit. 400 with every problem, or, when <paramref name="partial"/>, stores what is valid.</summary>
    public async Task<IngestAnswer> TakeAsync(HttpContext http, FactList list, bool partial, CancellationToken cancel)
    {
        if (!JsonBody.IsTaken(http.Request.ContentType))
            throw new ProblemException(415, "The body is application/json in UTF-8.");
        var isPacked = GzipBody.IsSent(http.Request);
        var tenant = http.Caller.Tenant;
        using var sent = await RequestBody.ReadAsync(http.Request, room, tenant, MaxBytes);
        RequestBody? unpacked = null;
        try
        {
            Batch batch;
            using (isPacked || sent.Length > LargeBytes ? await processors.TakeAsync(tenant, cancel) : default)
            {
                if (isPacked)
                {
                    unpacked = await GzipBody.UnpackAsync(sent, cancel);
                    sent.Dispose();
                }

                batch = await ReadAsync(http, list, unpacked ?? sent, partial);
            }

            return await StoreAsync(batch, http, partial, cancel);
        }
        finally
        {
            unpacked?.Dispose();
        }
    }

    async Task<Batch> ReadAsync(HttpContext http, FactList list, RequestBody body, bool partial)
    {
        var (currency, app) = (http.WorkspaceOrNull?.Currency, http.AppOrNull?.Number);
        var batch = Read(http, list, body, partial);
        await http.NameWorkspaceAsync(batch.Workspaces);
        // Costs are in the workspace's currency, and facts of apps are the app's: where only the body says which one that is, or it was
        // changed, it is read again.
        return currency == http.Workspace.Currency && app == http.AppOrNull?.Number ? batch : Read(http, list, body, partial);
    }

    Batch Read(HttpContext http, FactList list, RequestBody body, bool partial)
    {
        var scope = new IngestScope(
            http.WorkspaceOrNull?.Currency ?? "", http.BoundCustomer, Rfc3339.Microseconds(time.GetUtcNow()), http.AppOrNull?.Number ?? 0);
        return new FactReader(list, body.Bytes, body.Length, scope, partial).Read();
    }

    async Task<IngestAnswer> StoreAsync(Batch batch, HttpContext http, bool partial, CancellationToken cancel)
    {
        var workspace = http.Workspace;
        await customers.RefuseUnknownAsync(workspace, batch, cancel);
        var findings = batch.Findings;
        if (findings.Forbidden)
            throw new ProblemException(403, "The key writes for its own customer only.", findings.Problems());
        if (findings.Any && !partial)
            throw findings.Refusal();

        // The body's buffer is in the writer's hands until it answers, so a client that leaves does not end the wait. Rights that
        // end while it is in the queue do: then the writer lets go of it.
        var written = batch.Facts.Count == 0
            ? new WriteResult(0, 0, [])
            : await writer.WriteAsync(workspace, batch.Facts, partial, http.RightsEnded);
        foreach (var refusal in written.Refusals)
            findings.Add(refusal.Index, refusal.Pointer, refusal.Code, refusal.Message);
        if (findings.Any && !partial)
            throw findings.Refusal();
        return partial
            ? new IngestAnswer(written.Inserted, written.Duplicates, findings.Rejected, Rejected(findings))
            : new IngestAnswer(written.Inserted, written.Duplicates);
    }

    static List<RejectedFact> Rejected(Findings findings) =>
        [.. findings.InOrder().Select(found =>
            new RejectedFact(found.Index, found.Problem.Pointer, found.Problem.Code, found.Problem.Message))];
}
