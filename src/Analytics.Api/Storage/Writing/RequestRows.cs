using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Requests;
using Analytics.Storage.Schema;

namespace Analytics.Storage.Writing;

/// <summary>Stores API requests: their rows, the numbers of what they name, and what they count for.</summary>
sealed class RequestRows() : KindWriter(RequestFacts.Section.Kind, """
    requests (
        timestamp, latency, request_size, response_size, commit, workspace_id, person, endpoint, product, api_key, agent, status, has_route,
        id, method, path, route, address, request_id)
    """)
{
    static readonly RequestText[] Named = [RequestText.Product, RequestText.ApiKey, RequestText.UserAgent];

    readonly RequestCount counted = new();

    public override NewFact New(WriteRequest request, IncomingFact fact) => new NewRequest(request, (IncomingRequest)fact);

    public override KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> facts) =>
        new RequestWrite(this, workspace, [.. facts.Cast<NewRequest>()]);

    void AddRow(NewRequest request, long commit)
    {
        var incoming = request.Incoming;
        Rows.StartRow(19);
        Rows.Timestamp(incoming.Timestamp);
        Rows.Int64(incoming.Latency);
        Rows.Int64(incoming.RequestSize);
        Rows.Int64(incoming.ResponseSize);
        Rows.Int64(commit);
        Rows.Int32(request.Request.Workspace.Key);
        Rows.Int32(request.Person);
        Rows.Int32(request.Endpoint);
        Rows.Int32(request.Product);
        Rows.Int32(request.ApiKey);
        Rows.Int32(request.Agent);
        Rows.Int16(incoming.Status);
        Rows.Boolean(incoming.HasRoute);
        Rows.Uuid(request.Id);
        Rows.Text(incoming.Method.Span);
        Rows.Text(incoming.Path.Span);
        var isOther = incoming.HasRoute && request.Endpoint == RequestFacts.OtherEndpoint;
        Rows.Text(isOther ? incoming.Endpoint.Span[(incoming.Method.Length + 1)..] : []);
        Rows.Bytes(incoming.Address.Span);
        Span<byte> id = stackalloc byte[RequestId.UuidLength];
        Rows.Bytes(RequestId.Pack(incoming.ExternalId.Span, id));
    }

    sealed class RequestWrite(RequestRows rows, Workspace workspace, List<NewRequest> requests) : KindWrite
    {
        public override async Task LinkAsync(WorkspaceWrite write, CancellationToken cancel)
        {
            var (names, connection) = (write.Names, write.Connection);
            await PortalCustomers.CheckAsync(connection, workspace.Key, requests, cancel);
            await PeopleNumbers.AssignAsync(connection, names, write.Counters, requests, cancel);
            foreach (var kind in Named)
                await RequestTextNumbers.AssignAsync(connection, workspace.Key, workspace.HashKey, names.Requests, kind, requests, cancel);
            await new EndpointNumbers(connection, workspace.Key, workspace.HashKey, names.Requests).AssignAsync(requests, cancel);
            foreach (var request in requests)
                rows.AddRow(request, write.Counters.Commit);
        }

        public override IEnumerable<PackedDelta> Finish(WorkspaceWrite write)
        {
            write.Save(CommitRow.Add(write.Counters, StreamedKind.Request, requests, write.Now));
            if (MovedHours.Note(write.Counters, requests, write.Now) is { } moved)
                write.Save(moved);
            rows.counted.Clear();
            foreach (var request in requests)
                rows.counted.Add(new CountedRequest(
                    request.Incoming.Timestamp, request.Person, request.Endpoint, request.Incoming.Status, request.Incoming.Latency,
                    request.Incoming.RequestSize, request.Incoming.ResponseSize, request.Product));
            return [.. rows.counted.Pack().Select(delta => new PackedDelta(delta.Section, delta.Facts, delta.Data))];
        }
    }
}
